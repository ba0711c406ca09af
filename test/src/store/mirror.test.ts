import { openMirror } from '../../../src/store/mirror'
import type { Mirror, SiteEvent } from '../../../src/store/store'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, claimed, createOf, make, openTestSite, P1, P2, ref, type TestSite } from '../../support/store'
import { until } from '../../support/until'

let redis: TestRedis
let site: TestSite
const mirrors: Mirror[] = []
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await openTestSite(redis)
})
afterEach(async () => {
  for (const mirror of mirrors.splice(0)) await mirror.close()
  await site.close()
})

async function open(): Promise<Mirror> {
  const mirror = await openMirror({ site: site.store.site, redis: redis.address, timeoutMs: 500 })
  mirrors.push(mirror)
  return mirror
}
async function observe(id: string, seen: unknown): Promise<void> {
  await site.store.observe(await claimed(site.store, id), { seen, what: 'seen' }, 1_000)
}
const ids = (mirror: Mirror) => mirror.list('compute', P1).map(({ id }) => id)

describe('loading', () => {
  test('has everything that was there', async () => {
    await make(site.store, 'c2', 'c1')
    await site.store.change(
      changeOf({
        creates: [
          createOf('t1', { ref: { kind: 'type', id: 't1' }, project: null, wish: { name: 't2.nano', createdAt: 0 } }),
        ],
      }),
      1_000,
    )
    const mirror = await open()
    expect(mirror.ready).toBe(true)
    expect(ids(mirror)).toEqual(['c1', 'c2'])
    expect(mirror.get('compute', 'c1')).toEqual(await site.store.read('compute', 'c1'))
    expect(mirror.list('compute', P2)).toEqual([])
    expect(mirror.list('type', null).map(({ id }) => id)).toEqual(['t1'])
    expect(mirror.named('type:t2.nano')?.id).toBe('t1')
    expect(mirror.named('c1')?.id).toBe('c1')
    expect(mirror.get('compute', 'nobody')).toBeUndefined()
  })

  test('misses nothing that changes while it reads', async () => {
    await make(site.store, ...Array.from({ length: 300 }, (_, i) => `c${i}`))
    let going = true
    const writing = (async () => {
      for (let i = 0; going; i++) await observe(`c${i % 300}`, { at: i })
    })()
    const opened = await Promise.all([open(), open(), open()])
    going = false
    await writing
    const truth = await site.store.readAll('compute')
    for (const mirror of opened) {
      await mirror.fresh(P1)
      for (const record of truth) expect(mirror.get('compute', record.id)?.seen).toEqual(record.seen)
    }
  })

  test('leaves out a record of a newer program and has all the others', async () => {
    await make(site.store, 'c1', 'c2')
    await site.raw.hset(site.keys.record('compute', 'c1'), 'schema', 99)
    expect(ids(await open())).toEqual(['c2'])
  })
})

describe('following', () => {
  test('shows a change without being asked', async () => {
    const mirror = await open()
    await make(site.store, 'c1')
    await until(() => mirror.get('compute', 'c1'))
    await observe('c1', { at: 77 })
    await until(() => mirror.get('compute', 'c1')?.seen.at === 77)
    await site.store.forget(await claimed(site.store, 'c1'), [], 1)
    await until(() => mirror.get('compute', 'c1') === undefined)
    expect(ids(mirror)).toEqual([])
  })

  test('tells each event once, in order, until it is told to stop', async () => {
    const mirror = await open()
    const told: SiteEvent[] = []
    const stop = mirror.onEvent((event) => told.push(event))
    await Promise.all(Array.from({ length: 20 }, (_, i) => make(site.store, `c${i}`)))
    await Promise.all([mirror.fresh(P1), mirror.fresh(P1)])
    await until(() => told.length === 20)
    expect(told.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(told[0]).toMatchObject({ what: 'test', refs: [{ kind: 'compute', rev: 1, gone: false }] })
    stop()
    await make(site.store, 'late')
    await mirror.fresh(P1)
    expect(told).toHaveLength(20)
  })

  test('a listener that throws harms nobody', async () => {
    const mirror = await open()
    const told: number[] = []
    mirror.onEvent(() => {
      throw new Error('no')
    })
    mirror.onEvent(({ number }) => told.push(number))
    await make(site.store, 'c1')
    await until(() => told.length === 1)
    expect(mirror.get('compute', 'c1')).toBeDefined()
  })

  test('a record that did not change stays the same object, one that did is another', async () => {
    await make(site.store, 'c1', 'c2')
    const mirror = await open()
    const [before1, before2] = [mirror.get('compute', 'c1'), mirror.get('compute', 'c2')]
    await observe('c2', { at: 5 })
    await mirror.fresh(P1)
    expect(mirror.get('compute', 'c1')).toBe(before1)
    expect(mirror.get('compute', 'c2')).not.toBe(before2)
    expect(before2?.seen.at).toBe(0)
  })

  test('an id that ended and was made anew is the new one', async () => {
    await make(site.store, 'c1')
    const mirror = await open()
    await site.store.forget(await claimed(site.store, 'c1'), [], 1)
    await site.store.change(changeOf({ creates: [createOf('c1', { wish: { name: 'again', createdAt: 9 } })] }), 1)
    await mirror.fresh(P1)
    expect(mirror.get('compute', 'c1')).toMatchObject({ rev: 1, wish: { name: 'again' } })
    expect(mirror.named('again')?.id).toBe('c1')
    expect(mirror.named('c1')).toBeUndefined()
  })
})

describe('being fresh', () => {
  test("two mirrors show at once what either's gateway acknowledged", async () => {
    const [a, b] = [await open(), await open()]
    for (let i = 0; i < 50; i++) {
      await make(site.store, `c${i}`)
      await Promise.all([a.fresh(P1), b.fresh(P1)])
      expect(a.get('compute', `c${i}`)).toBeDefined()
      expect(b.get('compute', `c${i}`)).toBeDefined()
    }
  })

  test('holds for public records and for who may, whatever project asks', async () => {
    const mirror = await open()
    const creates = [
      createOf('t1', { ref: { kind: 'type', id: 't1' }, project: null, wish: { name: 'x', createdAt: 0 } }),
      createOf('u1', { ref: { kind: 'user', id: 'u1' }, project: P2, wish: { name: 'ann', createdAt: 0 } }),
    ]
    await site.store.change(changeOf({ creates }), 1)
    await mirror.fresh()
    expect(mirror.get('type', 't1')).toBeDefined()
    expect(mirror.named('user:ann')?.id).toBe('u1')
  })

  test('costs one round trip when nothing changed', async () => {
    await make(site.store, 'c1')
    const mirror = await open()
    await mirror.fresh(P1)
    await site.raw.config('RESETSTAT')
    for (let i = 0; i < 10; i++) await mirror.fresh(P1)
    const stats = await site.raw.info('commandstats')
    expect(stats).toContain('cmdstat_hmget:calls=10,')
    expect(stats).not.toContain('cmdstat_xrange')
  })

  test('holds for more than one answer brings, records and events alike', async () => {
    const mirror = await open()
    const creates = Array.from({ length: 120 }, (_, i) => createOf(`c${i}`))
    await site.store.change(changeOf({ creates }), 1)
    await mirror.fresh(P1)
    expect(ids(mirror)).toHaveLength(120)
    await Promise.all(Array.from({ length: 120 }, (_, i) => observe(`c${i}`, { at: i + 1 })))
    await mirror.fresh(P1)
    expect(mirror.list('compute', P1).filter(({ seen }) => seen.at === 0)).toEqual([])
  })

  test('many at once catch up together', async () => {
    const mirror = await open()
    await make(site.store, ...Array.from({ length: 30 }, (_, i) => `c${i}`))
    await Promise.all(Array.from({ length: 50 }, () => mirror.fresh(P1)))
    expect(ids(mirror)).toHaveLength(30)
  })

  test('across many events at once', async () => {
    const mirror = await open()
    await make(site.store, 'c1')
    const claim = await claimed(site.store, 'c1')
    await Promise.all(
      Array.from({ length: 1_200 }, (_, i) => site.store.observe(claim, { seen: { at: i }, what: 's' }, 1)),
    )
    await mirror.fresh(P1)
    expect(mirror.get('compute', 'c1')).toEqual({ ...(await site.store.read('compute', 'c1')), epoch: claim.epoch })
  })
})

describe('after something was missed', () => {
  test('a gap in the numbers: everything is read again', async () => {
    await make(site.store, 'c1')
    const mirror = await open()
    const kept = mirror.get('compute', 'c1')
    // Made behind the mirror's back, as by a stream that lost an event.
    await site.raw.copy(site.keys.record('compute', 'c1'), site.keys.record('compute', 'hidden'))
    await site.raw.sadd(site.keys.ids('compute'), 'hidden')
    await site.raw.hincrby(site.keys.root, 'events', 1)
    expect(mirror.get('compute', 'hidden')).toBeUndefined()
    await make(site.store, 'c2')
    await mirror.fresh(P1)
    expect(mirror.get('compute', 'c2')).toBeDefined()
    expect(mirror.get('compute', 'hidden')).toBeDefined()
    expect(mirror.get('compute', 'c1')).toBe(kept)
  })

  test('events that were trimmed away before it saw them', async () => {
    const mirror = await open()
    await make(site.store, 'c1')
    await site.raw.del(site.keys.events)
    await make(site.store, 'c2')
    await mirror.fresh(P1)
    expect(ids(mirror)).toEqual(['c1', 'c2'])
  })

  test('Redis killed and started again: nothing acknowledged is missing, and it follows again', async () => {
    const mirror = await open()
    await make(site.store, 'c1')
    await redis.kill()
    await expect(mirror.fresh(P1)).rejects.toMatchObject({ kind: 'unavailable' })
    expect(mirror.get('compute', 'c1') ?? 'not yet').toBeDefined()
    await redis.restart()
    await until(() => mirror.fresh(P1).then(() => true))
    expect(ids(mirror)).toEqual(['c1'])
    await make(site.store, 'c2')
    await until(() => mirror.get('compute', 'c2'))
    expect(mirror.ready).toBe(true)
  })

  test('a server that forgot everything: so does the mirror', async () => {
    await make(site.store, 'c1')
    const mirror = await open()
    await site.raw.flushall()
    await site.raw.call('client', 'kill', 'type', 'normal')
    await site.store.open(2_000)
    await until(() => ids(mirror).length === 0)
    await make(site.store, 'c2')
    await mirror.fresh(P1)
    expect(ids(mirror)).toEqual(['c2'])
  })

  test('opened while Redis is away it is not ready, and becomes so by itself', async () => {
    await make(site.store, 'c1')
    await redis.kill()
    const mirror = await open()
    expect(mirror.ready).toBe(false)
    expect(mirror.list('compute', P1)).toEqual([])
    expect(mirror.get('compute', 'c1')).toBeUndefined()
    await redis.restart()
    await until(() => mirror.ready)
    expect(ids(mirror)).toEqual(['c1'])
  })
})

test('closing it while it waits for events is quick', async () => {
  const mirror = await open()
  const start = performance.now()
  await mirror.close()
  // Less than the five seconds that it would wait.
  expect(performance.now() - start).toBeLessThan(4_000)
  expect(mirror.get('compute', ref('c1').id)).toBeUndefined()
})
