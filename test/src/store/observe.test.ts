import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, claimed, createOf, make, openTestSite, P1, ref, type TestSite } from '../../support/store'

let redis: TestRedis
let site: TestSite
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await openTestSite(redis)
  await make(site.store, 'c1')
})
afterEach(() => site.close())

const wish = (generation: number) =>
  site.store.change(
    changeOf({ updates: [{ ref: ref('c1'), project: P1, generation, wish: { w: 2 }, raisePhase: false, wake: true }] }),
    2_000,
  )
const read = () => site.store.read('compute', 'c1')
const events = () => site.raw.xlen(site.keys.events)

describe('intending', () => {
  test('writes the journal and nothing else, and shows it', async () => {
    const claim = await claimed(site.store, 'c1')
    const before = await events()
    expect(await site.store.intend(claim, { intent: 'k/1' }, 3_000)).toBe(true)
    expect(await read()).toEqual({ ...claim.record, rev: 2, journal: { intent: 'k/1' } })
    expect(await events()).toBe(before + 1)
  })

  test('twice is as once', async () => {
    const claim = await claimed(site.store, 'c1')
    expect(await site.store.intend(claim, { intent: 1 }, 1)).toBe(true)
    expect(await site.store.intend(claim, { intent: 1 }, 1)).toBe(true)
    expect((await read())?.journal).toEqual({ intent: 1 })
  })

  test('is refused to an older claim', async () => {
    const old = await claimed(site.store, 'c1')
    const current = await claimed(site.store, 'c1')
    expect(await site.store.intend(old, { intent: 'old' }, 1)).toBe(false)
    expect(await read()).toEqual(current.record)
  })

  test('is refused after a wish: a delete wished meanwhile stops the next effect', async () => {
    const claim = await claimed(site.store, 'c1')
    await wish(1)
    expect(await site.store.intend(claim, { intent: 'x' }, 1)).toBe(false)
    expect((await read())?.journal).toEqual({ intent: null })
  })

  test('is refused for what is gone', async () => {
    const claim = await claimed(site.store, 'c1')
    await site.store.forget(claim, [], 1)
    expect(await site.store.intend(claim, {}, 1)).toBe(false)
    expect(await read()).toBeUndefined()
  })
})

describe('observing', () => {
  test('writes what is given and leaves the rest', async () => {
    const claim = await claimed(site.store, 'c1')
    expect(await site.store.observe(claim, { seen: { at: 5 }, what: 'started' }, 3_000)).toBe(true)
    expect(await read()).toMatchObject({ rev: 2, phase: 0, seen: { at: 5 }, journal: { intent: null } })
    expect(await site.store.observe(claim, { journal: { intent: 2 }, raisePhase: true, what: 'x' }, 3_000)).toBe(true)
    expect(await read()).toMatchObject({ rev: 3, phase: 1, seen: { at: 5 }, journal: { intent: 2 }, generation: 1 })
  })

  test('is by epoch alone: a wish made meanwhile loses no result', async () => {
    const claim = await claimed(site.store, 'c1')
    await wish(1)
    expect(await site.store.observe(claim, { seen: { at: 5 }, what: 'started' }, 1)).toBe(true)
    expect(await read()).toMatchObject({ seen: { at: 5 }, wish: { w: 2 }, generation: 2 })
  })

  test('is refused to an older claim, and nothing is written', async () => {
    const old = await claimed(site.store, 'c1')
    const current = await claimed(site.store, 'c1')
    const observation = { seen: { at: 5 }, counters: [{ project: P1, name: 'cores' as const, by: 1 }], what: 'x' }
    expect(await site.store.observe(old, observation, 1)).toBe(false)
    expect(await read()).toEqual(current.record)
    expect(await site.store.counters(P1)).toEqual({})
  })

  test('that shows nothing new raises rev and tells nobody', async () => {
    const claim = await claimed(site.store, 'c1')
    const [before, revision] = [await events(), await site.raw.hget(site.keys.revisions, P1)]
    expect(await site.store.observe(claim, { seen: { at: 6 }, what: '' }, 1)).toBe(true)
    expect(await read()).toMatchObject({ rev: 2, seen: { at: 6 } })
    expect(await events()).toBe(before)
    expect(await site.raw.hget(site.keys.revisions, P1)).toBe(revision)
  })

  test('moves counters and frees names', async () => {
    await site.store.change(changeOf({ takes: [{ hash: 'names', field: 'i-1', value: 'compute:c1' }] }), 1)
    const claim = await claimed(site.store, 'c1')
    const observation = {
      what: 'gone',
      counters: [{ project: P1, name: 'cores' as const, by: -2 }],
      releases: [{ hash: 'names', field: 'i-1' }],
    }
    await site.store.observe(claim, observation, 1)
    expect(await site.store.counters(P1)).toEqual({ cores: -2 })
    expect(await site.store.resolve('names', ['i-1'])).toEqual([undefined])
  })

  test('two that race: the newer claim writes, whichever comes first', async () => {
    for (let round = 0; round < 10; round++) {
      const old = await claimed(site.store, 'c1')
      const current = await claimed(site.store, 'c1')
      const [first, second] = await Promise.all([
        site.store.observe(old, { seen: { by: 'old' }, what: 'x' }, 1),
        site.store.observe(current, { seen: { by: 'new' }, what: 'x' }, 1),
      ])
      expect([first, second]).toEqual([false, true])
      expect((await read())?.seen).toEqual({ by: 'new' })
    }
  })
})

describe('giving up a place', () => {
  beforeEach(async () => {
    await site.raw.hset(site.keys.claims('h1'), { c1: '{"cores":1}', c2: '{"cores":2}' })
  })

  test('ends the claim on the host, wakes placement and waits again in the old order', async () => {
    await site.store.change(changeOf({ creates: [createOf('younger')], waiting: ['younger'] }), 5_000)
    const before = (await site.store.hostClaims(['h1']))[0]
    const claim = await claimed(site.store, 'c1')
    const giveUpPlace = { host: 'h1', place: { host: null, because: 'it died' }, wait: true }
    expect(await site.store.observe(claim, { giveUpPlace, what: 'place given up' }, 6_000)).toBe(true)
    expect(await site.store.hostClaims(['h1'])).toEqual([
      { host: 'h1', revision: (before?.revision ?? 0) + 1, claims: { c2: '{"cores":2}' } },
    ])
    expect((await read())?.place).toEqual({ host: null, because: 'it died' })
    expect(await site.store.waiting(10)).toEqual(['c1', 'younger'])
    expect((await site.store.read('placement', 'site'))?.wakes).toBe(2)
  })

  test('for good: it waits no more, others may have the room', async () => {
    await site.store.change(changeOf({ waiting: ['c1'] }), 1)
    const claim = await claimed(site.store, 'c1')
    await site.store.observe(claim, { giveUpPlace: { host: 'h1', place: { host: null }, wait: false }, what: 'x' }, 1)
    expect(await site.store.waiting(10)).toEqual([])
    expect((await site.store.hostClaims(['h1']))[0]?.claims).toEqual({ c2: '{"cores":2}' })
  })

  test('is refused to an older claim', async () => {
    const old = await claimed(site.store, 'c1')
    await claimed(site.store, 'c1')
    const giveUpPlace = { host: 'h1', place: { host: null }, wait: true }
    expect(await site.store.observe(old, { giveUpPlace, what: 'x' }, 1)).toBe(false)
    expect(Object.keys((await site.store.hostClaims(['h1']))[0]?.claims ?? {})).toEqual(['c1', 'c2'])
  })
})

describe('forgetting', () => {
  test('removes the record, its agenda entry and its names, and tells that it is gone', async () => {
    await site.store.change(
      changeOf({ takes: [{ hash: 'names', field: 'i-1', value: 'compute:c1' }], waiting: ['c1'] }),
      1,
    )
    const claim = await claimed(site.store, 'c1')
    expect(await site.store.forget(claim, [{ hash: 'names', field: 'i-1' }], 9_000)).toBe(true)
    expect(await read()).toBeUndefined()
    expect(await site.store.readAll('compute')).toEqual([])
    expect(await site.store.resolve('names', ['i-1'])).toEqual([undefined])
    expect(await site.store.waiting(10)).toEqual([])
    expect(await site.raw.zscore(site.keys.agenda, 'compute:c1')).toBeNull()
    const last = (await site.store.eventsAfter('0', 100)).at(-1)
    expect(last).toMatchObject({ what: 'forget', at: 9_000, refs: [{ id: 'c1', rev: 2, gone: true }] })
  })

  test('is refused to an older claim and after a wish', async () => {
    const old = await claimed(site.store, 'c1')
    const current = await claimed(site.store, 'c1')
    expect(await site.store.forget(old, [], 1)).toBe(false)
    await wish(1)
    expect(await site.store.forget(current, [], 1)).toBe(false)
    expect(await read()).toBeDefined()
  })

  test('twice is refused the second time', async () => {
    const claim = await claimed(site.store, 'c1')
    expect(await site.store.forget(claim, [], 1)).toBe(true)
    expect(await site.store.forget(claim, [], 1)).toBe(false)
  })
})
