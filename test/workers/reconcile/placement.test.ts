/** The placement job: who gets a place, who waits and why, and what wakes it. */
import { lifecycle, stateMessage } from '../../../src/model/lifecycle'
import { reconcile } from '../../../workers/reconcile/dispatch'
import { wrongs } from '../../support/invariants'
import { openPump, type Pump } from '../../support/pump'
import { startRedis, type TestRedis } from '../../support/redis'
import { PROJECT, type Site, startSite } from '../../support/site'

let redis: TestRedis
let site: Site
let pump: Pump
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  const capacity = { cpuHundredths: 400, memoryMiB: 2048, diskGiB: 100 }
  site = await startSite({ redis, hosts: 2, capacity })
  pump = openPump(site)
})
afterEach(() => site.close())

const size = (cores: number, memoryMiB = 512) => ({
  type: '',
  cores,
  cpuHundredths: cores * 100,
  memoryMiB,
  diskGiB: 1,
})
const waits = (id: string) => async () => (await site.compute(id)).place.waiting !== null

test('what does not fit waits, says why, and holds up nobody', async () => {
  const [large = ''] = await site.order(1, { size: size(5) })
  const [small = ''] = await site.order(1)
  await pump.until(site.is(small, 'running'), 'the small one')
  await pump.until(waits(large), 'reasons')
  const record = await site.compute(large)
  expect(record.place.waiting).toMatchObject({ reasons: { 'not enough CPU': 2 }, wouldFit: 'no host is large enough' })
  expect(record.place.waiting?.examples[0]).toEqual({ host: 'sim-1', because: 'needs 5 cores, has 3 free' })
  expect(stateMessage(record)).toBe('waits for a place: not enough CPU (2 hosts); no host is large enough')
})

test('reasons are written when they change, not each time', async () => {
  const [large = ''] = await site.order(1, { size: size(5) })
  await pump.until(waits(large), 'reasons')
  const before = await site.compute(large)
  for (let turns = 0; turns < 20; turns += 1) {
    await pump.turn()
    pump.clock.advance(1000)
  }
  expect((await site.compute(large)).rev).toBe(before.rev)
  await site.setHost('sim-2', { enabled: false })
  await pump.until(async () => (await site.compute(large)).place.waiting?.reasons.disabled === 1, 'the new reason')
  expect((await site.compute(large)).place.waiting?.since).toBe(before.place.waiting?.since)
})

test('a machine that leaves makes room for one that waits', async () => {
  const first = await site.order(2, { size: size(4) })
  const [next = ''] = await site.order(1, { size: size(4) })
  for (const id of first) await pump.until(site.is(id, 'running'), 'the first two')
  await pump.until(waits(next), 'the third to wait')
  await site.wish(first[0] ?? '', () => ({ exists: false }))
  await pump.until(site.is(next, 'running'), 'the third')
  expect((await site.compute(next)).place.waiting).toBeNull()
  expect(await wrongs(site)).toEqual([])
})

test('the zone asked for, and no other', async () => {
  const [id = ''] = await site.order(1, { zone: 'local-1b' })
  const [nowhere = ''] = await site.order(1, { zone: 'local-1d' })
  await pump.until(site.is(id, 'running'), 'one in its zone')
  expect((await site.compute(id)).place).toMatchObject({ hostName: 'sim-2', zone: 'local-1b' })
  await pump.until(waits(nowhere), 'reasons')
  expect((await site.compute(nowhere)).place.waiting?.reasons).toEqual({ 'in another zone': 2 })
})

test('a disabled host takes nothing until it is enabled', async () => {
  await site.setHost('sim-1', { enabled: false })
  await site.setHost('sim-2', { enabled: false })
  const [id = ''] = await site.order(1)
  await pump.until(waits(id), 'reasons')
  await site.setHost('sim-2', { enabled: true })
  await pump.until(site.is(id, 'running'), 'a running machine')
  expect((await site.compute(id)).place.hostName).toBe('sim-2')
})

test('held machines are passed over until they are released', async () => {
  const [id = ''] = await site.order(1, { held: true })
  await pump.turn()
  await pump.turn()
  expect(lifecycle(await site.compute(id))).toBe('held')
  await site.wish(id, () => ({ held: false }))
  await site.store.wake([{ kind: 'placement', id: 'site' }], pump.clock.now())
  await pump.until(site.is(id, 'running'), 'a running machine')
})

test('simulated hosts take nothing once a real one is there', async () => {
  await site.setHost('sim-2', { simulated: false })
  const ids = await site.order(2)
  for (const id of ids) await pump.until(site.is(id, 'running'), 'both')
  const hosts = await Promise.all(ids.map(async (id) => (await site.compute(id)).place.hostName))
  expect(hosts).toEqual(['sim-2', 'sim-2'])
})

test('one deleted while it waits is gone at once and holds nothing', async () => {
  const [id = ''] = await site.order(1, { size: size(5) })
  await pump.until(waits(id), 'reasons')
  await site.wish(id, () => ({ exists: false }))
  await pump.until(site.is(id, 'done'), 'its end')
  expect(await site.store.waiting(10)).toEqual([])
  expect(await site.store.counters(PROJECT)).toMatchObject({ instances: 0, cores: 0, memoryMiB: 0 })
})

test('more machines than there is room for: as many as fit run, no host is over its capacity', async () => {
  const ids = await site.order(12)
  const states = async () => Promise.all(ids.map(async (id) => lifecycle(await site.compute(id))))
  await pump.until(async () => (await states()).filter((state) => state === 'running').length === 8, 'eight')
  await pump.until(async () => (await Promise.all(ids.map((id) => waits(id)()))).filter(Boolean).length === 4, 'four')
  const { hosts } = await site.simulator.admin.snapshot()
  expect(hosts.map((host) => host.used.cpuHundredths)).toEqual([400, 400])
})

test('a gone machine is kept for an hour, its address free at once, its name when it is forgotten', async () => {
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'a running machine')
  const { wish } = await site.compute(id)
  const network = `leases:${wish.interfaces[0]?.network}`
  const lease = () => site.store.resolve(network, [wish.interfaces[0]?.address ?? ''])
  expect(await lease()).toEqual([`compute:${id}`])
  await site.wish(id, () => ({ exists: false }))
  await pump.until(site.is(id, 'done'), 'its end')
  expect(await lease()).toEqual([undefined])
  pump.clock.advance(59 * 60_000)
  await pump.turn()
  expect(await site.store.resolve('names', [wish.name])).toEqual([`compute:${id}`])
  pump.clock.advance(2 * 60_000)
  await pump.until(async () => (await site.store.read('compute', id)) === undefined, 'it to be forgotten')
  expect(await site.store.resolve('names', [wish.name])).toEqual([undefined])
})

test('a host whose claims change while a plan is made: refused as a whole, and made again', async () => {
  const [first = ''] = await site.order(1, { zone: 'local-1a' })
  await pump.until(site.is(first, 'running'), 'the first')
  const [second = ''] = await site.order(1, { zone: 'local-1a' })
  let scripts = 0
  const work = site.work({
    clock: pump.clock,
    at: async (point) => {
      if (point !== 'before:place') return
      scripts += 1
      if (scripts === 1) await endClaim(first)
    },
  })
  await reconcile(work, { kind: 'placement', id: 'site' })
  expect(scripts).toBe(2)
  expect((await site.compute(second)).place.hostName).toBe('sim-1')
})

/** Ends a machine's claim on its host, as a job that gives its place up does. */
async function endClaim(id: string): Promise<void> {
  const now = pump.clock.now()
  const claim = await site.store.claim('compute', id, now)
  if (!claim) throw new Error('gone')
  const { host } = claim.record.place
  const giveUpPlace = { host: host ?? '', place: { ...claim.record.place, host: null }, wait: false }
  await site.store.observe(claim, { giveUpPlace, what: 'test' }, now)
}
