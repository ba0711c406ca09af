/**
 * A host is drained: what runs goes on running elsewhere, what is off goes too, each once; whatever dies on the way. And what cannot
 * go in one way goes in another, or is told with the reason.
 */
import type { Leaver } from '../../src/model/records'
import { openRelocationOperations } from '../../src/operations/relocation'
import type { RelocationOperations } from '../../src/operations/relocation/operations'
import { OPERATOR } from '../support/gateways'
import { wrongs } from '../support/invariants'
import { Crash, openPump, type Pump, type PumpOptions } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { sharedDisks } from '../support/shared-disks'
import { type Site, startSite } from '../support/site'
import { caller, openVolumes, type Volumes } from '../support/volumes'

const HOSTS = 3
let redis: TestRedis
let site: Site
let volumes: Volumes
let operations: RelocationOperations
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: HOSTS })
  volumes = await openVolumes(site)
  operations = openRelocationOperations(volumes.context)
})
afterEach(async () => {
  await volumes.close()
  await site.close()
})

const allWell = async () => (await wrongs(site)).length === 0 && (await volumes.wrongs()).length === 0
const on = async (host: string) => (await site.store.readAll('compute')).filter(({ place }) => place.hostName === host)
const leavers = async (): Promise<readonly Leaver[]> =>
  (await site.store.read('relocation', 'site'))?.seen?.leavers ?? []

/** Two that run, one of them with a volume, and one that is off, all on sim-1. */
async function furnished(pump: Pump): Promise<readonly string[]> {
  await pump.until(site.answering, 'hosts')
  for (const other of ['sim-2', 'sim-3']) await site.setHost(other, { enabled: false })
  const ids = [...(await site.order(2)), ...(await site.order(1, { power: 'off', starts: 0 }))]
  await pump.until(async () => (await on('sim-1')).length === 3 && (await allWell()), 'three machines')
  const { id: storage } = await volumes.operations.createStorage(caller, { sizeGiB: 3 })
  await volumes.operations.attachStorage(caller, { storage, compute: ids[0] as never })
  await pump.until(allWell, 'a volume')
  for (const other of ['sim-2', 'sim-3']) await site.setHost(other, { enabled: true })
  return ids
}

async function movesOf(id: string): Promise<number> {
  const { name } = (await site.compute(id)).wish
  const { hosts } = await site.simulator.admin.snapshot()
  return hosts.reduce((sum, host) => sum + (host.resources[name]?.effects.move ?? 0), 0)
}

const drained = async () => (await operations.drainProgress(OPERATOR, 'sim-1')).state === 'drained' && (await allWell())

async function drainWith(options: PumpOptions): Promise<void> {
  const pump = openPump(site, options)
  const ids = await furnished(pump)
  const starts = await Promise.all(ids.map(async (id) => (await site.compute(id)).seen.startedAt))
  await operations.drainHost(OPERATOR, 'sim-1', {})
  await pump.until(drained, 'an empty host')
  for (const [at, id] of ids.entries()) {
    expect(await movesOf(id)).toBe(1)
    expect((await site.compute(id)).seen.startedAt).toBe(starts[at])
  }
}

test('its machines go, two at a time, live where they run; it takes no others; cancelled, it does again', async () => {
  let most = 0
  const pump = openPump(site, {
    at: async (_point, ref) => {
      if (ref.kind !== 'relocation') return
      most = Math.max(most, (await on('sim-1')).filter(({ place }) => place.moving).length)
    },
  })
  const ids = await furnished(pump)
  const host = await operations.drainHost(OPERATOR, 'sim-1', {})
  expect(host.wish).toMatchObject({ enabled: false, drain: { parallel: 2, wasEnabled: true, by: 'operator' } })
  expect(await operations.drainProgress(OPERATOR, 'sim-1')).toMatchObject({ state: 'draining' })
  const ways = new Map<string, string>()
  const through = async () => {
    for (const { wish } of await site.store.readAll('compute')) if (wish.move) ways.set(wish.name, wish.move.how)
    return drained()
  }
  await pump.until(through, 'an empty host')
  expect(most).toBeLessThanOrEqual(2)
  expect([...ways.values()].toSorted()).toEqual(['cold', 'live', 'live'])
  for (const id of ids) expect(await movesOf(id)).toBe(1)
  const [fresh = ''] = await site.order(1)
  await pump.until(async () => (await site.compute(fresh)).seen.startedAt !== null, 'one more machine')
  expect((await site.compute(fresh)).place.hostName).not.toBe('sim-1')
  expect((await operations.cancelDrain(OPERATOR, 'sim-1')).wish).toMatchObject({ enabled: true })
  expect((await operations.drainProgress(OPERATOR, 'sim-1')).state).toBe('none')
  await expect(operations.cancelDrain(OPERATOR, 'sim-1')).rejects.toMatchObject({ kind: 'state' })
})

test('a worker that dies at any arrow of the job that orders moves loses and doubles nothing', async () => {
  let points = 0
  const killing = new Set([1, 3, 6, 10, 15, 21, 28])
  let dead = 0
  await drainWith({
    at: (point, ref) => {
      if (ref.kind !== 'relocation') return
      points += 1
      if (!killing.has(points)) return
      dead += 1
      throw new Crash(`${point} ${ref.kind}`)
    },
  })
  expect(dead).toBeGreaterThan(3)
}, 120_000)

test('a queue that loses everything delays it only', () => drainWith({ queue: 'loses-all' }), 120_000)

test('what cannot move live moves cold; what is refused everywhere is told, stays, and goes later', async () => {
  const pump = openPump(site)
  await pump.until(site.answering, 'hosts')
  for (const other of ['sim-2', 'sim-3']) await site.setHost(other, { enabled: false })
  const [id = ''] = await site.order(1)
  await pump.until(allWell, 'a machine')
  for (const other of ['sim-2', 'sim-3']) await site.setHost(other, { enabled: true })
  await site.simulator.admin.lack('sim-1', [{ verb: 'move-live', because: 'no hap' }])
  await pump.until(async () => (await site.host('sim-1')).seen.capabilities?.lacks.length === 1, 'a lack')
  await site.simulator.admin.refuse({ verb: 'move', host: 'sim-1', times: 99 })
  await operations.drainHost(OPERATOR, 'sim-1', {})
  await pump.until(async () => (await leavers())[0]?.state === 'cannot', 'a refusal')
  const [told] = (await operations.drainProgress(OPERATOR, 'sim-1')).machines
  expect(told).toMatchObject({ id, state: 'cannot', cause: 'drain' })
  expect(told?.message).toMatch(/no hap/)
  expect(told?.refused?.map(({ how }) => how)).toEqual(['cold', 'cold'])
  expect(new Set(told?.refused?.map(({ to }) => to)).size).toBe(2)
  expect((await site.compute(id)).seen.machine?.domain).toBe('running')
  await site.simulator.admin.clearFaults()
  await pump.until(drained, 'an empty host')
  expect(await movesOf(id)).toBe(1)
}, 120_000)

test('a machine that no other host can take is told why, by counts; volumes that go with no machine too', async () => {
  const pump = openPump(site)
  await furnished(pump)
  for (const other of ['sim-2', 'sim-3']) await site.setHost(other, { enabled: false })
  const { id } = await volumes.operations.createStorage(caller, { sizeGiB: 2 })
  const [holder] = await on('sim-1')
  await volumes.operations.attachStorage(caller, { storage: id, compute: holder?.id as never })
  await pump.until(allWell, 'another volume')
  await volumes.operations.detachStorage(caller, { storage: id })
  await pump.until(allWell, 'a volume alone')
  await operations.drainHost(OPERATOR, 'sim-1', { parallel: 4 })
  const stuck = async () => (await leavers()).filter(({ state }) => state === 'cannot').length === 3
  await pump.until(stuck, 'nothing that can go')
  const progress = await operations.drainProgress(OPERATOR, 'sim-1')
  expect(progress.machines.map(({ message }) => message)).toEqual(
    Array(3).fill('no other host can take it: disabled (2 hosts)'),
  )
  expect(progress.volumes).toEqual([
    { name: expect.stringMatching(/^vol-/), message: expect.stringContaining('attach') },
  ])
  await site.setHost('sim-2', { enabled: true })
  await pump.until(async () => (await on('sim-1')).length === 0, 'all gone')
})

test('where neither host can move it, it is shut down and started elsewhere, on the storage that both have', async () => {
  const shared = sharedDisks('pool-1')
  const pump = openPump(site, { between: shared.between })
  await pump.until(site.answering, 'hosts')
  for (const other of ['sim-2', 'sim-3']) await site.setHost(other, { enabled: false })
  const [id = '', off = ''] = [...(await site.order(1)), ...(await site.order(1, { power: 'off', starts: 0 }))]
  await pump.until(
    async () => (await on('sim-1')).length === 2 && (await site.compute(id)).seen.startedAt !== null,
    'two',
  )
  const before = await site.compute(id)
  for (const other of ['sim-2', 'sim-3']) await site.setHost(other, { enabled: true })
  const lacks = (['move-live', 'move-cold'] as const).map((verb) => ({ verb, because: 'no way to move here' }))
  await site.simulator.admin.lack('sim-1', lacks)
  await pump.until(async () => (await site.host('sim-1')).seen.capabilities?.lacks.length === 2, 'lacks')
  await operations.drainHost(OPERATOR, 'sim-1', {})
  const moved = async () => {
    const [one, two] = [await site.compute(id), await site.compute(off)]
    return one.place.hostName !== 'sim-1' && two.place.hostName !== 'sim-1' && one.seen.machine?.domain === 'running'
  }
  await pump.until(moved, 'it to run elsewhere')
  const after = await site.compute(id)
  expect(after.seen.startedAt).not.toBe(before.seen.startedAt)
  expect(after.wish).toMatchObject({ power: 'on', move: { how: 'restart' } })
  expect((await site.compute(off)).seen.machine?.domain).not.toBe('running')
  expect(shared.removed()).toEqual([])
  const { hosts } = await site.simulator.admin.snapshot()
  const defined = hosts.filter((host) => typeof host.resources[after.wish.name]?.sighting.id === 'string')
  expect(defined.map(({ name }) => name)).toEqual([after.place.hostName])
  const claims = await site.store.hostClaims((await site.store.readAll('host')).map((host) => host.id))
  expect(claims.filter((held) => held.claims[id] !== undefined).map(({ host }) => host)).toEqual([after.place.host])
}, 120_000)

test('a machine that is flagged goes anywhere but where it is, and the flag with it', async () => {
  const pump = openPump(site)
  const [id = ''] = await furnished(pump)
  await operations.reschedule(OPERATOR, id)
  await operations.reschedule(OPERATOR, id)
  expect((await site.store.read('relocation', 'site'))?.wish?.flagged).toHaveLength(1)
  const isThrough = async () =>
    (await site.compute(id)).place.hostName !== 'sim-1' &&
    (await site.store.read('relocation', 'site'))?.wish?.flagged.length === 0
  await pump.until(isThrough, 'it to be elsewhere')
  expect(await movesOf(id)).toBe(1)
  expect(await on('sim-1')).toHaveLength(2)
})

test('a machine without a place is not flagged', async () => {
  const [id = ''] = await site.order(1)
  await expect(operations.reschedule(OPERATOR, id)).rejects.toMatchObject({ kind: 'state' })
})
