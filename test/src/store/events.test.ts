import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, claimed, createOf, make, openTestSite, P1, P2, ref, type TestSite } from '../../support/store'

let redis: TestRedis
let site: TestSite
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await openTestSite(redis)
})
afterEach(() => site.close())

const all = () => site.store.eventsAfter('0', 1_000)
const actor = { user: 'ann', key: 'AKIA1', source: '10.0.0.9', requestId: 'r-1' }

describe('events', () => {
  test('carry who did what, when, and to which records', async () => {
    await site.store.change(
      changeOf({ actor, what: 'run-compute', creates: [createOf('c1'), createOf('c2', { project: P2 })] }),
      4_321,
    )
    expect(await all()).toEqual([
      {
        streamId: expect.stringMatching(/^\d+-\d+$/),
        number: 1,
        at: 4_321,
        what: 'run-compute',
        actor,
        refs: [
          { ...ref('c1'), rev: 1, gone: false },
          { ...ref('c2'), rev: 1, gone: false },
        ],
        revisions: { [P1]: 1, [P2]: 1 },
      },
    ])
  })

  test('are one per script, with numbers that have no gap', async () => {
    await make(site.store, 'c1', 'c2')
    const claim = await claimed(site.store, 'c1')
    await site.store.intend(claim, {}, 1)
    await site.store.observe(claim, { what: 'seen', seen: {} }, 1)
    await site.store.forget(claim, [], 1)
    const events = await all()
    expect(events.map(({ number }) => number)).toEqual([1, 2, 3, 4])
    expect(events.map(({ what }) => what)).toEqual(['test', 'intend', 'seen', 'forget'])
    expect(events.map(({ revisions }) => revisions[P1])).toEqual([1, 2, 3, 4])
  })

  test('are not written where no record changed', async () => {
    await site.store.change(changeOf({ counters: [{ project: P1, name: 'cores', by: 1 }] }), 1)
    expect(await all()).toEqual([])
    expect(await site.raw.hgetall(site.keys.revisions)).toEqual({})
  })

  test('of public records raise the shared revision', async () => {
    await site.store.change(
      changeOf({ creates: [createOf('t1', { ref: { kind: 'type', id: 't1' }, project: null })] }),
      1,
    )
    expect((await all())[0]?.revisions).toEqual({ '*': 1 })
  })

  test.each(['project', 'user', 'key'] as const)('of a %s raise both revisions', async (kind) => {
    await site.store.change(changeOf({ creates: [createOf('x1', { ref: { kind, id: 'x1' } })] }), 1)
    expect((await all())[0]?.revisions).toEqual({ '*': 1, [P1]: 1 })
  })

  test('can be read on from any of them', async () => {
    for (let i = 0; i < 5; i++) await make(site.store, `c${i}`)
    const [, second] = await all()
    const rest = await site.store.eventsAfter(second?.streamId ?? '', 2)
    expect(rest.map(({ number }) => number)).toEqual([3, 4])
  })
})

describe('history', () => {
  test('is of one record, newest first', async () => {
    await make(site.store, 'c1', 'c2')
    const claim = await claimed(site.store, 'c1')
    await site.store.observe(claim, { what: 'started', seen: {} }, 1)
    await site.store.observe(await claimed(site.store, 'c2'), { what: 'failed', seen: {} }, 1)
    expect((await site.store.history(ref('c1'), 10)).map(({ what }) => what)).toEqual(['started', 'test'])
    expect((await site.store.history(ref('c1'), 1)).map(({ what }) => what)).toEqual(['started'])
    expect(await site.store.history(ref('c1'), 0)).toEqual([])
    expect(await site.store.history(ref('c9'), 10)).toEqual([])
  })

  test('is bounded, and outlives its record by a day', async () => {
    await make(site.store, 'c1')
    const claim = await claimed(site.store, 'c1')
    for (let i = 0; i < 80; i++) await site.store.observe(claim, { what: `w${i}`, seen: {} }, 1)
    const history = await site.store.history(ref('c1'), 1_000)
    expect(history).toHaveLength(64)
    expect(history[0]?.what).toBe('w79')
    await site.store.forget(claim, [], 1)
    expect((await site.store.history(ref('c1'), 1))[0]?.what).toBe('forget')
    expect(await site.raw.ttl(site.keys.history(ref('c1')))).toBeGreaterThan(86_000)
  })
})

describe('trimming', () => {
  beforeEach(async () => {
    for (let i = 0; i < 10; i++) await make(site.store, `c${i}`)
  })
  const numbers = async () => (await all()).map(({ number }) => number)
  const idOf = async (number: number) => (await all()).find((event) => event.number === number)?.streamId ?? ''

  test('drops up to and with the id', async () => {
    await site.store.trimEvents(await idOf(4), 2)
    expect(await numbers()).toEqual([5, 6, 7, 8, 9, 10])
  })

  test('keeps the newest, even those that may go', async () => {
    await site.store.trimEvents(await idOf(10), 3)
    expect(await numbers()).toEqual([8, 9, 10])
  })

  test('of an id that is not there any more does nothing', async () => {
    const id = await idOf(4)
    await site.store.trimEvents(id, 0)
    await site.store.trimEvents(id, 0)
    expect(await numbers()).toEqual([5, 6, 7, 8, 9, 10])
  })

  test('a history leaves out what was trimmed', async () => {
    await site.store.trimEvents(await idOf(4), 0)
    expect(await site.store.history(ref('c2'), 10)).toEqual([])
    expect(await site.store.history(ref('c7'), 10)).toHaveLength(1)
  })
})
