/**
 * A worker freezes in the job of a volume, or in a machine's job that attaches one; another takes over and goes further; the first
 * wakes late with what it had in hand. And: hosts whose answers are lost after the effect; minds that change while work is in flight.
 */
import { fault } from '../../src/faults'
import type { Driver } from '../../workers/drivers/driver'
import { reconcile } from '../../workers/reconcile/dispatch'
import type { Point } from '../../workers/reconcile/work'
import { openFreezer } from '../support/freezer'
import { wrongs } from '../support/invariants'
import { openPump, type Pump } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'
import { caller, openVolumes, type Volumes } from '../support/volumes'

let redis: TestRedis
let site: Site
let volumes: Volumes
let pump: Pump
let compute: string
let storage: string
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: 2 })
  volumes = await openVolumes(site)
  pump = openPump(site)
  await pump.until(async () => (await site.store.readAll('host')).every((host) => host.seen.contact === 'ok'), 'hosts')
  compute = (await site.order(1))[0] ?? ''
  storage = (await volumes.operations.createStorage(caller, { sizeGiB: 2 })).id
  await pump.until(atRest, 'a running machine')
})
afterEach(async () => {
  await volumes.close()
  await site.close()
})

const atRest = async () => [...(await volumes.wrongs()), ...(await wrongs(site))].length === 0
const attach = () => volumes.operations.attachStorage(caller, { storage: storage as never, compute: compute as never })
const detach = () => volumes.operations.detachStorage(caller, { storage: storage as never })
const remove = () => volumes.operations.deleteStorages(caller, { ids: [storage as never] })

/** Nothing comes of what an old worker still does, now or later. */
async function staysAtRest(): Promise<void> {
  for (let turns = 0; turns < 40; turns += 1) {
    await pump.turn()
    pump.clock.advance(1000)
  }
  expect([...(await volumes.wrongs()), ...(await wrongs(site))]).toEqual([])
}

const POINTS: readonly Point[] = [
  'after:claim',
  'after:look',
  'after:intent',
  'before:act',
  'after:act',
  'after:result',
]

/** A worker that freezes at a point of the next jobs of that kind. */
async function frozenAt(point: Point, kind: 'storage' | 'compute') {
  const freezer = openFreezer(point, kind)
  const work = site.work({ at: freezer.at, clock: pump.clock })
  const id = kind === 'storage' ? storage : compute
  const job = reconcile(work, { kind, id })
  await freezer.frozen
  return { thaw: freezer.thaw, job }
}

test.each(POINTS)(
  'frozen %s while the disk is made: detached and deleted meanwhile, nothing is left',
  async (point) => {
    await attach()
    const { thaw, job } = await frozenAt(point, 'storage')
    await detach()
    // Whether the machine has it already is for its own job to say.
    await pump.until(
      async () =>
        (await remove().then(
          () => true,
          () => false,
        )) === true,
      'a deletion that is accepted',
    )
    await pump.until(async () => (await volumes.storage(storage)) === undefined, 'the end of the volume')
    thaw()
    await job
    await staysAtRest()
  },
)

test.each(POINTS)('frozen %s while it is attached: detached meanwhile, it stays detached', async (point) => {
  await attach()
  const ready = async () => (await volumes.storage(storage))?.seen.sizeGiB === 2
  for (let turns = 0; turns < 20 && !(await ready()); turns += 1)
    await reconcile(site.work({ clock: pump.clock }), { kind: 'storage', id: storage })
  const { thaw, job } = await frozenAt(point, 'compute')
  await detach()
  await pump.until(atRest, 'a free volume')
  thaw()
  await job
  await pump.until(atRest, 'a free volume')
  await staysAtRest()
})

test('an attachment whose outcome nobody knows holds the volume until it is known', async () => {
  await attach()
  const ready = async () => (await volumes.storage(storage))?.seen.sizeGiB === 2
  for (let turns = 0; turns < 20 && !(await ready()); turns += 1)
    await reconcile(site.work({ clock: pump.clock }), { kind: 'storage', id: storage })
  const { thaw, job } = await frozenAt('before:act', 'compute')
  await detach()
  await expect(remove()).rejects.toMatchObject({ kind: 'in-use' })
  await expect(attach()).rejects.toMatchObject({ kind: 'in-use' })
  thaw()
  await job
  await pump.until(atRest, 'a free volume')
  await remove()
  await pump.until(async () => (await volumes.storage(storage)) === undefined, 'the end of the volume')
  await staysAtRest()
})

test.each(['disk.ensure', 'disk.attach'] as const)(
  'the answer to %s is lost after the effect: done once',
  async (verb) => {
    await site.simulator.admin.loseAnswer({ verb, times: 1 })
    await attach()
    await pump.until(atRest, 'an attached volume')
    const { hosts } = await site.simulator.admin.snapshot()
    const times = hosts.flatMap((host) =>
      Object.entries(host.resources).flatMap(([name, { effects }]) =>
        name.startsWith('vol-') || verb === 'disk.attach' ? [effects[verb] ?? 0] : [],
      ),
    )
    expect(times.reduce((sum, one) => sum + one, 0)).toBe(1)
  },
)

test.each([
  ['a host that refuses the disk twice gets it the third time', 'disk.ensure', 2],
  ['a host that refuses to attach twice does it the third time', 'disk.attach', 2],
] as const)('%s', async (_what, verb, times) => {
  await site.simulator.admin.refuse({ verb, times })
  await attach()
  await pump.until(atRest, 'an attached volume')
})

test('a volume that its host refuses again and again is told, and neither machine nor volume is lost', async () => {
  await site.simulator.admin.refuse({ verb: 'disk.ensure', times: 5 })
  await attach()
  await pump.until(async () => (await volumes.storage(storage))?.journal.stuck != null, 'a volume that is stuck')
  expect(await wrongs(site)).toEqual([])
  await detach()
  await remove()
  await pump.until(async () => (await volumes.storage(storage)) === undefined, 'the end of the volume')
  await staysAtRest()
})

test.each([
  ['refused', 'its host is full'],
  ['unreachable', 'its host does not answer'],
] as const)('what a host %s is told to its owner without its name or address', async (kind, told) => {
  let failures = 0
  const failing = (driver: Driver): Driver => ({
    ...driver,
    disk: {
      ...driver.disk,
      ensure: async (host, ...rest) => {
        failures += 1
        if (failures > 1) return driver.disk.ensure(host, ...rest)
        throw fault(kind, kind === 'refused' ? `${host.name} is full` : `no ssh to ${host.name} (${host.address})`)
      },
    },
  })
  const failingPump = openPump(site, { between: failing })
  await attach()
  const trouble = async () => (await volumes.storage(storage))?.journal.trouble
  await failingPump.until(async () => (await trouble()) != null, 'its trouble')
  expect((await trouble())?.message).toBe(told)
  await failingPump.until(atRest, 'an attached volume')
})

test('the volume goes with its machine to and fro: attached, detached, attached again, on one host', async () => {
  for (let rounds = 0; rounds < 3; rounds += 1) {
    await attach()
    await pump.until(atRest, 'an attached volume')
    await detach()
    await pump.until(atRest, 'a free volume')
  }
  const record = await volumes.storage(storage)
  expect(record?.place.host).toBe((await site.compute(compute)).place.host)
})

test('a second machine that wants the volume is placed beside it', async () => {
  await attach()
  await pump.until(atRest, 'an attached volume')
  await detach()
  await pump.until(atRest, 'a free volume')
  const [second = ''] = await site.order(1, { held: true })
  await volumes.operations.attachStorage(caller, { storage: storage as never, compute: second as never })
  await site.wish(second, () => ({ held: false }))
  await pump.until(atRest, 'both machines')
  expect((await site.compute(second)).place.host).toBe((await site.compute(compute)).place.host)
  expect((await volumes.storage(storage))?.wish.holder?.compute).toBe(second)
})

test('a volume for which its host has no room waits, says so, and claims nothing', async () => {
  await volumes.operations.changeStorage(caller, { storage: storage as never, sizeGiB: 16_000 })
  await attach()
  await pump.until(async () => (await volumes.storage(storage))?.journal.trouble?.kind === 'no-room', 'the reason')
  expect((await volumes.storage(storage))?.place.host).toBeNull()
  expect(await wrongs(site)).toEqual([])
  await detach()
  await pump.until(atRest, 'a free volume')
})

test('a machine that is suspended keeps its volumes; one that is asked for meanwhile is attached when it runs again', async () => {
  await attach()
  await site.wish(compute, () => ({ power: 'suspended' }))
  const saved = async () => (await site.compute(compute)).seen.machine?.domain === 'saved'
  await pump.until(async () => (await saved()) && (await volumes.storage(storage))?.seen.sizeGiB === 2, 'a suspension')
  await site.wish(compute, (wish) => ({ power: 'on', starts: wish.starts + 1 }))
  await pump.until(atRest, 'a running machine with its volume')
})
