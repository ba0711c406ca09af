import { reconcile } from '../../workers/reconcile/dispatch'
import type { Point } from '../../workers/reconcile/work'
import { openFreezer } from '../support/freezer'
import { wrongs } from '../support/invariants'
import { openPump, type Pump } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import { type Site, startSite } from '../support/site'

let redis: TestRedis
let site: Site
let pump: Pump
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startSite({ redis, hosts: 2 })
  pump = openPump(site)
  await pump.until(async () => (await site.store.readAll('host')).every((host) => host.seen.contact === 'ok'), 'hosts')
})
afterEach(() => site.close())

const POINTS: readonly Point[] = [
  'after:claim',
  'before:look',
  'after:look',
  'before:intent',
  'after:intent',
  'before:act',
  'after:act',
  'before:result',
  'after:result',
  'before:settle',
]

/** A placed machine, and a worker that freezes in one of its jobs. */
async function frozenAt(point: Point, time: number) {
  const [id = ''] = await site.order(1)
  await pump.until(async () => (await site.compute(id)).place.host !== null, 'a place')
  const freezer = openFreezer(point, 'compute', time)
  const work = site.work({ at: freezer.at, clock: pump.clock })
  const job = (async () => {
    for (let jobs = 0; jobs < time; jobs += 1) await reconcile(work, { kind: 'compute', id })
  })()
  await freezer.frozen
  return { id, thaw: freezer.thaw, job }
}

// The jobs of a create: disk, network, define, power. The last is the most harmful one to be late with.
const CASES = POINTS.flatMap((point) => [1, 4].map((time) => [point, time] as const))

test.each(CASES)('frozen %s of job %i: deleted meanwhile, it stays deleted', async (point, time) => {
  const { id, thaw, job } = await frozenAt(point, time)
  await site.wish(id, () => ({ exists: false }))
  await pump.until(site.is(id, 'done'), 'the end of the machine')
  thaw()
  await job
  expect(await wrongs(site)).toEqual([])
  // Nor does anything come of it afterwards.
  for (let turns = 0; turns < 40; turns += 1) {
    await pump.turn()
    pump.clock.advance(1000)
  }
  expect(await wrongs(site)).toEqual([])
})

test.each(CASES)('frozen %s of job %i: finished by another worker, it runs once', async (point, time) => {
  const { id, thaw, job } = await frozenAt(point, time)
  await pump.until(site.is(id, 'running'), 'a running machine')
  thaw()
  await job
  await pump.until(site.is(id, 'running'), 'a running machine')
  expect(await wrongs(site)).toEqual([])
  const [found] = await site.found((await site.compute(id)).wish.name)
  expect(found?.effects).toMatchObject({ 'disk.ensure': 1, define: 1, 'power.on': 1 })
})

test('frozen before its effect: another host refused it and has it by now, the first host gets nothing', async () => {
  const { id, thaw, job } = await frozenAt('before:act', 1)
  const before = await site.compute(id)
  const first = before.place.hostName ?? ''
  await site.simulator.admin.refuse({ verb: 'disk.ensure', host: first, times: 3 })
  await pump.until(site.is(id, 'running'), 'a running machine elsewhere')
  const after = await site.compute(id)
  expect(after.place.hostName).not.toBe(first)
  thaw()
  await job
  expect(await wrongs(site)).toEqual([])
})

test('a placement job that wakes late places nobody a second time', async () => {
  const freezer = openFreezer('before:place', 'placement')
  const [id = ''] = await site.order(1)
  const job = reconcile(site.work({ at: freezer.at, clock: pump.clock }), { kind: 'placement', id: 'site' })
  await freezer.frozen
  await pump.until(site.is(id, 'running'), 'a running machine')
  const { place } = await site.compute(id)
  freezer.thaw()
  await job
  expect((await site.compute(id)).place).toEqual(place)
  expect(await wrongs(site)).toEqual([])
})
