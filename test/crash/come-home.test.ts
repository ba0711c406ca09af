/**
 * Machines that may be replaced come home from a provider when a host here has room: ended there, made anew here under the same id, never
 * both. Whatever dies on the way, and whatever arrives late at the provider, each is there once; not more in an hour than may.
 */
import type { AddressId } from '../../src/model/ids'
import { lifecycle } from '../../src/model/lifecycle'
import type { HomeRule } from '../../src/model/providers/record'
import type { ComputeWish } from '../../src/model/records'
import type { Point } from '../../workers/reconcile/work'
import { type ElasticSite, openElasticSite } from '../support/elastic-site'
import { Crash, type PumpOptions } from '../support/pump'
import { startRedis, type TestRedis } from '../support/redis'

// Each waits out some minutes of the workers' clock, job by job, on machines that are shared.

const REPLACEABLE: Partial<ComputeWish> = { burst: { replaceable: true } }

let redis: TestRedis
let stage: ElasticSite
let crashAt: NonNullable<PumpOptions['at']> = () => undefined
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  crashAt = () => undefined
  stage = await openElasticSite(redis, (...point) => crashAt(...point))
  await rule({ afterMs: 0, perHour: 100 })
})
afterEach(() => stage.close())

async function rule(home: HomeRule): Promise<void> {
  const { provider } = (await stage.site.host('sim-2')).wish
  if (provider) await stage.site.setHost('sim-2', { provider: { ...provider, home } })
}
const compute = (id: string) => stage.site.compute(id)
const servers = () => [...stage.zone.world.servers.values()]
const isRunningOn = (id: string, host: string) => async () => {
  const record = await compute(id)
  return lifecycle(record) === 'running' && record.place.hostName === host && record.place.moving === undefined
}
const open = () => stage.site.setHost('sim-1', { enabled: true })

/** Machines that run at the provider. */
async function away(count: number, wish = REPLACEABLE): Promise<readonly string[]> {
  const ids = await stage.site.order(count, wish)
  for (const id of ids) await stage.pump.until(isRunningOn(id, 'sim-2'), 'it to run at the provider')
  return ids
}

/** It runs here once, as it was ordered, and the provider has nothing of it. */
async function isHome(id: string): Promise<void> {
  const record = await compute(id)
  const { name } = record.wish
  expect([lifecycle(record), record.place.hostName, record.place.offer]).toEqual(['running', 'sim-1', undefined])
  const found = await stage.site.found(name)
  expect(found.map(({ host, sighting }) => [host, sighting.domain])).toEqual([['sim-1', 'running']])
  expect(servers().filter(({ config }) => config['user:vm'] === name)).toEqual([])
  const claims = await stage.site.store.hostClaims([(await stage.site.host('sim-2')).id])
  expect(Object.keys(claims[0]?.claims ?? {})).not.toContain(id)
}

test('it comes home once there is room, and keeps its id, its name and its address here', async () => {
  const [id = ''] = await away(1)
  const before = await compute(id)
  await open()
  await stage.pump.until(isRunningOn(id, 'sim-1'), 'it to be home')
  await stage.onward()
  await isHome(id)
  const after = await compute(id)
  expect(after.wish.name).toBe(before.wish.name)
  expect(after.wish.interfaces).toEqual(before.wish.interfaces)
  expect(after.seen.moves).toBe(1)
})

test.each<[string, Partial<ComputeWish>]>([
  ['nobody says that it may be replaced', {}],
  [
    'its requirements keep it at providers',
    { ...REPLACEABLE, placement: { own: { requirements: 'PUBLIC_CLOUD = YES' } } },
  ],
])('it stays where %s', async (_why, wish) => {
  const [id = ''] = await away(1, wish)
  await open()
  await stage.onward()
  expect(await isRunningOn(id, 'sim-2')()).toBe(true)
  expect((await compute(id)).wish.move).toBeUndefined()
})

test('it stays where an address of its provider is associated in the moment in which it sets out', async () => {
  const [id = ''] = await away(1)
  const { place, wish } = await compute(id)
  const [one] = wish.interfaces
  if (one === undefined || place.host === null) throw new Error('it is nowhere')
  const target = { interface: one.name, mac: one.mac, privateAddress: '10.0.0.4', association: 'eipassoc-1', since: 0 }
  const address = { address: 'a' as AddressId, name: 'eipalloc-1', ip: '198.51.100.7', pool: place.host }
  let died = false
  crashAt = async (point, { kind }) => {
    if (point !== 'after:place' || kind !== 'compute' || died) return
    died = true
    await stage.site.wish(id, () => ({ publics: [{ ...target, ...address, atProvider: true }] }))
    throw new Crash(point)
  }
  await open()
  await stage.pump.until(async () => died && (await compute(id)).place.moving === undefined, 'it to stay')
  expect(await isRunningOn(id, 'sim-2')()).toBe(true)
  expect((await compute(id)).seen.moves).toBe(1)
  expect(servers()).toHaveLength(1)
})

test('it stays for as long as its provider’s rule says', async () => {
  const [id = ''] = await away(1)
  await rule({ afterMs: 600_000, perHour: 100 })
  await open()
  await stage.onward()
  expect(await isRunningOn(id, 'sim-2')()).toBe(true)
  stage.pump.clock.advance(600_000)
  await stage.pump.until(isRunningOn(id, 'sim-1'), 'it to be home')
})

test('no more come home in an hour than may', async () => {
  const ids = await away(5)
  await rule({ afterMs: 0, perHour: 2 })
  await open()
  const home = async () => (await Promise.all(ids.map((id) => isRunningOn(id, 'sim-1')()))).filter(Boolean).length
  await stage.pump.until(async () => (await home()) === 2, 'two to be home')
  for (let times = 0; times < 3; times += 1) await stage.onward()
  expect(await home()).toBe(2)
  expect(servers()).toHaveLength(3)
  stage.pump.clock.advance(3_600_000)
  await stage.pump.until(async () => (await home()) === 4, 'two more to be home')
  await rule({ afterMs: 0, perHour: 0 })
  stage.pump.clock.advance(3_600_000)
  await stage.onward()
  expect(await home()).toBe(4)
})

test('one that is off comes home off, and starts here when its owner wants it', async () => {
  const [id = ''] = await away(1)
  await stage.site.wish(id, () => ({ power: 'off' }))
  await stage.pump.until(async () => lifecycle(await compute(id)) === 'poweroff', 'it to be off')
  await open()
  await stage.pump.until(async () => (await compute(id)).place.hostName === 'sim-1', 'it to be home')
  await stage.onward()
  expect([lifecycle(await compute(id)), servers()]).toEqual(['poweroff', []])
  await stage.site.wish(id, ({ starts }) => ({ power: 'on', starts: starts + 1 }))
  await stage.pump.until(isRunningOn(id, 'sim-1'), 'it to run')
  await isHome(id)
})

test('deleted on its way it is gone from both', async () => {
  const [id = ''] = await away(1)
  await open()
  await stage.pump.until(async () => (await compute(id)).place.moving !== undefined, 'it to set out')
  await stage.site.wish(id, () => ({ exists: false }))
  await stage.pump.until(async () => lifecycle(await compute(id)) === 'done', 'its end')
  await stage.onward()
  expect([servers(), await stage.site.found((await compute(id)).wish.name)]).toEqual([[], []])
})

test('an order that arrives late at the provider is ended by the next poll', async () => {
  stage.zone.troubles.add({ on: /^POST \/servers\/create/, trouble: { what: 'cut, done late' } })
  const [id = ''] = await away(1)
  await open()
  await stage.pump.until(isRunningOn(id, 'sim-1'), 'it to be home')
  stage.zone.arrive()
  await stage.onward()
  await isHome(id)
})

/** While jobs run, nobody sees it running at both, nor the record on no host at all. */
async function neverTwice(id: string, until: () => Promise<boolean>, what: string): Promise<void> {
  const { name } = (await compute(id)).wish
  const both: string[] = []
  await stage.pump.until(async () => {
    const here = (await stage.site.found(name)).filter(({ sighting }) => sighting.domain === 'running').length
    const there = servers().filter(({ config, status }) => config['user:vm'] === name && status === 'active').length
    if (here + there > 1) both.push(`${here} here, ${there} there`)
    return until()
  }, what)
  expect(both).toEqual([])
}

test('no room for others any more when it has set out: its own is kept for it', async () => {
  const [id = ''] = await away(1)
  await open()
  await stage.pump.until(async () => (await compute(id)).place.moving !== undefined, 'it to set out')
  await stage.site.setHost('sim-1', { enabled: false })
  await neverTwice(id, isRunningOn(id, 'sim-1'), 'it to be home')
  await isHome(id)
})

test('the host here refuses it after all: it is not lost, and runs where it is taken, once', async () => {
  const [id = ''] = await away(1)
  await stage.site.simulator.admin.refuse({ verb: 'disk.ensure', host: 'sim-1', times: 100, message: 'no space left' })
  await open()
  await neverTwice(id, async () => (await compute(id)).seen.moves === 1, 'it to have come')
  await rule({ afterMs: 3_600_000, perHour: 100 })
  await neverTwice(id, isRunningOn(id, 'sim-2'), 'it to run at the provider again')
  expect(servers()).toHaveLength(1)
  await stage.site.simulator.admin.clearFaults()
  stage.pump.clock.advance(3_600_000)
  await neverTwice(id, isRunningOn(id, 'sim-1'), 'it to be home')
  await stage.onward()
  await isHome(id)
})

test('the provider falls silent when its end is ordered: nothing is made here before it is known to be over', async () => {
  const [id = ''] = await away(1)
  stage.zone.troubles.add({ on: /^POST \/servers\/.*\/destroy/, trouble: { what: 'cut before' }, times: 4 })
  await open()
  await neverTwice(id, isRunningOn(id, 'sim-1'), 'it to be home')
  await stage.onward()
  await isHome(id)
})

test('somebody ends it at the provider while it is on its way: it is made here, once', async () => {
  const [id = ''] = await away(1)
  await open()
  await stage.pump.until(async () => (await compute(id)).place.moving !== undefined, 'it to set out')
  for (const { id: server } of servers()) stage.zone.world.servers.delete(server)
  await neverTwice(id, isRunningOn(id, 'sim-1'), 'it to be home')
  await stage.onward()
  await isHome(id)
})

const POINTS: readonly Point[] = [
  'after:claim',
  'after:look',
  'before:intent',
  'after:intent',
  'before:act',
  'after:act',
  'before:result',
  'after:result',
  'before:place',
  'after:place',
]

/** The worker dies at the point, each time it passes it, so often; the relocation's own job too. */
test.each(POINTS.flatMap((point) => [1, 3].map((times) => [point, times] as const)))(
  'a worker that dies %s, %i times over: it is home, once',
  async (point, times) => {
    const [id = ''] = await away(1)
    let left = times
    crashAt = (at, ref) => {
      if (at !== point || left === 0 || (ref.kind !== 'compute' && ref.kind !== 'relocation')) return
      left -= 1
      throw new Crash()
    }
    await open()
    await stage.pump.until(isRunningOn(id, 'sim-1'), 'it to be home')
    expect(left).toBeLessThan(times)
    crashAt = () => undefined
    await stage.onward()
    await isHome(id)
  },
)

test('who dies after it counted and before it ordered has counted too many, never too few', async () => {
  const ids = await away(3)
  await rule({ afterMs: 0, perHour: 2 })
  let isDead = false
  crashAt = (at, ref) => {
    if (isDead || at !== 'before:intent' || ref.kind !== 'relocation') return
    isDead = true
    throw new Crash()
  }
  await open()
  for (let times = 0; times < 3; times += 1) await stage.onward()
  expect(isDead).toBe(true)
  const home = await Promise.all(ids.map((id) => isRunningOn(id, 'sim-1')()))
  expect(home.filter(Boolean).length).toBeLessThanOrEqual(2)
})
