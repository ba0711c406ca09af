/**
 * Whole workers and an account at a simulated ElasticHosts zone: workers that freeze, die and wake late, requests that arrive late. A zone has
 * no guard and no idempotency, so a second object of a machine can come to be; the poll that sees it removes it, and nothing is lost.
 */
import { lifecycle } from '../../src/model/lifecycle'
import type { Driver } from '../../workers/drivers/driver'
import { reconcile } from '../../workers/reconcile/dispatch'
import type { Point, Work } from '../../workers/reconcile/work'
import type { ElasticHostsSimulator } from '../clouds/elastichosts/simulator'
import type { Trouble } from '../clouds/elastichosts/troubles'
import { type ElasticSite, openElasticSite } from '../support/elastic-site'
import { openFreezer } from '../support/freezer'
import { Crash, type Pump, type PumpOptions } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'
import type { Site } from '../support/site'

// Each waits out some minutes of the workers' clock, job by job, on machines that are shared.

let redis: TestRedis
let stage: ElasticSite
let site: Site
let zone: ElasticHostsSimulator
let pump: Pump
let driver: Driver
let crashAt: NonNullable<PumpOptions['at']> = () => undefined

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  crashAt = () => undefined
  stage = await openElasticSite(redis, (...point) => crashAt(...point))
  ;({ site, zone, pump, driver } = stage)
})
afterEach(() => stage.close())

const servers = () => [...zone.world.servers.values()]
const drives = () => [...zone.world.drives.values()].filter(({ user }) => user === zone.account.user)

const onward = () => stage.onward()

/** It runs there once, with its root disk and the one that tells it who it is, and nothing else is there. */
async function runsOnce(id: string): Promise<void> {
  const record = await site.compute(id)
  const { wish, place } = record
  expect([place.hostName, lifecycle(record)]).toEqual(['sim-2', 'running'])
  expect(servers().map(({ status, config }) => [status, config['user:vm']])).toEqual([['active', wish.name]])
  expect(drives()).toHaveLength(2)
}

test('it runs, is stopped and started, restarted and ended there; its key is in no record', async () => {
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'running')
  await runsOnce(id)
  await site.wish(id, () => ({ power: 'off' }))
  await pump.until(site.is(id, 'poweroff'), 'off')
  expect(servers().map(({ status }) => status)).toEqual(['stopped'])
  await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await pump.until(site.is(id, 'running'), 'running again')
  await site.wish(id, ({ boots }) => ({ boots: boots + 1 }))
  await pump.until(async () => (await site.compute(id)).seen.boots === 1, 'the restart')
  await runsOnce(id)
  for (const record of [await site.compute(id), await site.host('sim-2')])
    expect(JSON.stringify(record)).not.toContain(zone.account.key)
  await site.wish(id, () => ({ exists: false }))
  await pump.until(site.is(id, 'done'), 'the end of the machine')
  expect([servers(), drives()]).toEqual([[], []])
})

const POINTS: readonly Point[] = ['after:look', 'after:intent', 'before:act', 'after:act', 'before:result']
// The jobs of a create: drive and copy; the copy falls silent; the server.
const CASES = POINTS.flatMap((point) => [1, 3].map((time) => [point, time] as const))

/** A placed machine, and a worker that freezes in one of its jobs. */
async function frozenAt(point: Point, time: number) {
  const [id = ''] = await site.order(1)
  await pump.until(async () => (await site.compute(id)).place.host !== null, 'a place')
  const freezer = openFreezer(point, 'compute', time)
  const plain = site.work({ at: freezer.at, clock: pump.clock })
  const work: Work = { ...plain, driver: (kind) => (kind === 'elastichosts' ? driver : plain.driver(kind)) }
  let frozen: 'no' | 'yes' = 'no'
  const noted = freezer.frozen.then(() => {
    frozen = 'yes'
  })
  const job = (async () => {
    for (let jobs = 0; jobs < 12 && frozen === 'no'; jobs += 1) {
      await reconcile(work, { kind: 'compute', id })
      pump.clock.advance(4_000)
    }
  })()
  await Promise.race([noted, job])
  expect(frozen).toBe('yes')
  return { id, thaw: freezer.thaw, job }
}

test.each(CASES)('frozen %s of job %i: finished by another worker, it is there once', async (point, time) => {
  const { id, thaw, job } = await frozenAt(point, time)
  await pump.until(site.is(id, 'running'), 'a running machine')
  thaw()
  await job
  await onward()
  await runsOnce(id)
})

test.each(CASES)('frozen %s of job %i: deleted meanwhile, it stays deleted', async (point, time) => {
  const { id, thaw, job } = await frozenAt(point, time)
  await site.wish(id, () => ({ exists: false }))
  await pump.until(site.is(id, 'done'), 'the end of the machine')
  thaw()
  await job
  await onward()
  expect([servers(), drives()]).toEqual([[], []])
})

test.each([1, 2, 3, 5, 8, 13, 21, 34])('a worker that dies at its point %i, and again as far on', async (every) => {
  const [id = ''] = await site.order(1)
  let left = 4
  crashAt = (_point, ref, passed) => {
    if (ref.kind !== 'compute' || left === 0 || passed % every !== 0) return
    left -= 1
    throw new Crash()
  }
  await pump.until(site.is(id, 'running'), 'running')
  expect(left).toBeLessThan(4)
  await onward()
  await runsOnce(id)
})

const late: Trouble = { what: 'cut, done late' }
test.each([
  ['drives/create', /^POST \/drives\/create/],
  ['servers/create', /^POST \/servers\/create/],
  ['image', /\/image\//],
])('%s arrives when its machine runs long since: one poll, and it is there once', async (_name, on) => {
  zone.troubles.add({ on, trouble: late, times: 2 })
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'running')
  expect(zone.arrive()).toBe(2)
  await onward()
  await runsOnce(id)
})

test.each([
  ['drives/create', /^POST \/drives\/create/],
  ['servers/create', /^POST \/servers\/create/],
])('%s arrives when its machine was deleted long since: it goes', async (_name, on) => {
  zone.troubles.add({ on, trouble: late })
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'running')
  await site.wish(id, () => ({ exists: false }))
  await pump.until(site.is(id, 'done'), 'the end of the machine')
  zone.arrive()
  await onward()
  expect([servers(), drives()]).toEqual([[], []])
})

test('a second server starts on the disk of one that is stopped: the next poll ends it, and the first starts again', async () => {
  zone.troubles.add({ on: /^POST \/servers\/create/, trouble: late })
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'running')
  await site.wish(id, () => ({ power: 'off', how: 'hard' }))
  await pump.until(site.is(id, 'poweroff'), 'off')
  const [first] = servers()
  zone.arrive()
  expect(servers().map(({ status }) => status)).toEqual(['stopped', 'active'])
  await onward()
  expect(servers()).toEqual([first])
  await site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await pump.until(site.is(id, 'running'), 'running again')
  await runsOnce(id)
})

test('a zone that refuses our key says nothing of its machines: they are unknown, not gone', async () => {
  const [id = ''] = await site.order(1)
  await pump.until(site.is(id, 'running'), 'running')
  zone.troubles.add({ on: /./, trouble: { what: 'answers', status: 401, code: 'auth' }, times: 10_000 })
  await pump.until(site.is(id, 'unknown'), 'it to be unknown')
  zone.troubles.clear()
  await pump.until(site.is(id, 'running'), 'it to be known again')
  await runsOnce(id)
})
