import { compareEpochs, NO_EPOCH } from '../../../src/model/epoch'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, claimed, make, openTestSite, P1, ref, type TestSite } from '../../support/store'

let redis: TestRedis
let site: TestSite
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await openTestSite(redis, 500)
  await make(site.store, 'c1', 'c2')
})
afterEach(() => site.close())

const score = (member: string) => site.raw.zscore(site.keys.agenda, member)
const wish = (generation: number, wake = true) =>
  site.store.change(
    changeOf({ updates: [{ ref: ref('c1'), project: P1, generation, wish: {}, raisePhase: false, wake }] }),
    2_000,
  )

describe('opening', () => {
  test('makes the bookkeeping records once; a second opening changes nothing', async () => {
    await site.store.open(9_999)
    expect(await site.store.read('placement', 'site')).toMatchObject({ id: 'site', project: null, wish: null })
    expect(await site.store.read('audit', 'site')).toMatchObject({ id: 'site', seen: null })
    expect(await site.raw.hget(site.keys.root, 'era')).toBe('500')
    const claim = await site.store.claim('placement', 'site', 1_000)
    await site.store.open(9_999)
    expect((await site.store.read('placement', 'site'))?.epoch).toEqual(claim?.epoch)
  })

  test('is needed before anything is claimed', async () => {
    await site.raw.hdel(site.keys.root, 'era')
    await expect(site.store.claim('compute', 'c1', 1_000)).rejects.toMatchObject({ kind: 'internal' })
  })
})

describe('claiming', () => {
  test('draws a newer epoch each time, from one counter of the site', async () => {
    const first = await claimed(site.store, 'c1')
    const other = await claimed(site.store, 'c2')
    const second = await claimed(site.store, 'c1')
    expect(first.epoch).toEqual({ era: 500, number: 1 })
    expect(compareEpochs(other.epoch, first.epoch)).toBeGreaterThan(0)
    expect(compareEpochs(second.epoch, other.epoch)).toBeGreaterThan(0)
  })

  test('gives the record as it is now, under the new epoch', async () => {
    const claim = await claimed(site.store, 'c1')
    expect(claim).toMatchObject({ ref: ref('c1'), generation: 1, wakes: 1 })
    expect(claim.record).toMatchObject({ id: 'c1', project: P1, rev: 1, wish: { name: 'c1' } })
    expect(claim.record.epoch).toEqual(claim.epoch)
    expect((await site.store.read('compute', 'c1'))?.epoch).toEqual(claim.epoch)
  })

  test('puts the agenda entry half a minute off: should the claimant die, it comes back', async () => {
    await claimed(site.store, 'c1', 4_000)
    expect(await score('compute:c1')).toBe('34000')
  })

  test('of what is gone gives nothing and clears the agenda', async () => {
    await site.raw.zadd(site.keys.agenda, 1, 'compute:c9')
    expect(await site.store.claim('compute', 'c9', 1_000)).toBeUndefined()
    expect(await score('compute:c9')).toBeNull()
  })

  test.each([
    ['a number of this era that was not drawn: a new era', { era: 500, number: 70 }, { era: 1_000, number: 1 }],
    ['the very number that comes next: a new era', { era: 500, number: 1 }, { era: 1_000, number: 1 }],
    ['a later era: one after it', { era: 900, number: 3 }, { era: 1_000, number: 1 }],
    ['an era that lies ahead of our clock: the next one', { era: 5_000, number: 3 }, { era: 5_001, number: 1 }],
    ['an earlier era, which is older anyway', { era: 400, number: 9_000 }, { era: 500, number: 1 }],
  ])('above a held epoch: %s', async (_name, held, expected) => {
    const claim = await site.store.claim('compute', 'c1', 1_000, held)
    expect(claim?.epoch).toEqual(expected)
    const next = await claimed(site.store, 'c2')
    expect(compareEpochs(next.epoch, expected)).toBeGreaterThan(0)
  })

  test('after a backup came back with a lower counter is still above what the record has', async () => {
    const before = await site.store.claim('compute', 'c1', 1_000, { era: 800, number: 40 })
    await site.raw.hset(site.keys.root, { era: 500, epochs: 0 })
    const after = await claimed(site.store, 'c1')
    expect(compareEpochs(after.epoch, before?.epoch ?? NO_EPOCH)).toBeGreaterThan(0)
  })

  test('above one that was drawn begins no era, whoever holds it', async () => {
    const [first, second] = [await claimed(site.store, 'c1'), await claimed(site.store, 'c2')]
    const claim = await site.store.claim('compute', 'c1', 9_000, second.epoch)
    expect(claim?.epoch).toEqual({ era: first.epoch.era, number: second.epoch.number + 1 })
  })

  test('many that find the store behind a host begin one era', async () => {
    const held = { era: 500, number: 70 }
    const ids = ['c1', 'c2']
    const claims = await Promise.all(ids.map((id) => site.store.claim('compute', id, 1_000, held)))
    expect(claims.map((claim) => claim?.epoch)).toEqual([
      { era: 1_000, number: 1 },
      { era: 1_000, number: 2 },
    ])
  })

  test('keeps an era of today exact', async () => {
    const era = 1_763_719_999_999
    const claim = await site.store.claim('compute', 'c1', era, { era: era - 1, number: 999_999_999 })
    expect(claim?.epoch).toEqual({ era, number: 1 })
    await site.raw.hset(site.keys.root, 'epochs', 999_999_999)
    expect((await claimed(site.store, 'c1')).epoch).toEqual({ era, number: 1_000_000_000 })
    expect((await claimed(site.store, 'c1')).epoch).toEqual({ era, number: 1_000_000_001 })
  })

  test('by many at once: all epochs differ and the record has the newest', async () => {
    const claims = await Promise.all(Array.from({ length: 30 }, () => claimed(site.store, 'c1')))
    const newest = claims.map(({ epoch }) => epoch).sort(compareEpochs)
    expect(new Set(newest.map(({ number }) => number)).size).toBe(30)
    expect((await site.store.read('compute', 'c1'))?.epoch).toEqual(newest.at(-1))
  })

  test('leaves a record of a newer program alone and names it', async () => {
    await site.raw.hset(site.keys.record('compute', 'c1'), 'schema', 99)
    const before = await site.raw.hgetall(site.keys.record('compute', 'c1'))
    await expect(site.store.claim('compute', 'c1', 1_000)).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining('c1'),
    })
    expect(await site.raw.hgetall(site.keys.record('compute', 'c1'))).toEqual(before)
    expect(await score('compute:c1')).toBe('31000')
  })
})

describe('settling', () => {
  test('moves the entry, or removes it', async () => {
    const claim = await claimed(site.store, 'c1')
    expect(await site.store.settle(claim, 8_000, 2_000)).toBe('settled')
    expect(await score('compute:c1')).toBe('8000')
    expect(await site.store.settle(claim, null, 2_000)).toBe('settled')
    expect(await score('compute:c1')).toBeNull()
    expect(await site.store.settle(claim, null, 2_000)).toBe('settled')
  })

  test.each([
    ['a newer claim', async () => void (await claimed(site.store, 'c1'))],
    ['a wish', async () => void (await wish(1, false))],
    ['a wake', async () => site.store.wake([ref('c1')], 1_500)],
  ])('leaves it due now after %s', async (_name, meanwhile) => {
    const claim = await claimed(site.store, 'c1')
    await meanwhile()
    expect(await site.store.settle(claim, null, 2_000)).toBe('due')
    expect(Number(await score('compute:c1'))).toBeLessThanOrEqual(2_000)
  })

  test('refused, never puts off what is due earlier', async () => {
    const claim = await claimed(site.store, 'c1')
    await site.store.wake([ref('c1')], 1_200)
    expect(await site.store.settle(claim, null, 9_000)).toBe('due')
    expect(await score('compute:c1')).toBe('1200')
  })

  test('of what is gone clears the agenda', async () => {
    const claim = await claimed(site.store, 'c1')
    await site.store.forget(claim, [], 1_000)
    await site.raw.zadd(site.keys.agenda, 1, 'compute:c1')
    expect(await site.store.settle(claim, 5_000, 2_000)).toBe('settled')
    expect(await score('compute:c1')).toBeNull()
  })

  test('changes nothing that a front shows', async () => {
    const claim = await claimed(site.store, 'c1')
    const events = await site.raw.xlen(site.keys.events)
    await site.store.settle(claim, null, 2_000)
    expect(await site.store.read('compute', 'c1')).toEqual(claim.record)
    expect(await site.raw.xlen(site.keys.events)).toBe(events)
  })
})

describe('sweeping', () => {
  test('takes what is due, oldest first, and moves it, so that it comes back', async () => {
    await site.raw.zadd(site.keys.agenda, 100, 'compute:c2', 900, 'host:h1', 5_000, 'host:h2')
    expect(await site.store.sweep(1_000, 2)).toEqual([ref('c2'), { kind: 'host', id: 'h1' }])
    expect(await site.store.sweep(1_000, 10)).toEqual([ref('c1')])
    expect(await site.store.sweep(1_000, 10)).toEqual([])
    expect(await score('compute:c2')).toBe('31000')
    expect((await site.store.sweep(31_000, 10)).length).toBe(4)
    expect(await site.store.agendaSize()).toBe(4)
  })

  test('by many at once gives each entry to one of them', async () => {
    await make(site.store, ...Array.from({ length: 40 }, (_, i) => `m${i}`))
    const swept = (await Promise.all(Array.from({ length: 8 }, () => site.store.sweep(1_000, 10)))).flat()
    expect(new Set(swept.map(({ id }) => id)).size).toBe(swept.length)
    expect(swept).toHaveLength(42)
  })

  test('leaves kinds of a newer program to it', async () => {
    await site.raw.zadd(site.keys.agenda, 1, 'starship:s1')
    expect((await site.store.sweep(1_000, 10)).map(({ kind }) => kind)).not.toContain('starship')
    expect(await score('starship:s1')).toBe('31000')
  })

  test('what was woken while it was worked on is due at once', async () => {
    const claim = await claimed(site.store, 'c1', 1_000)
    await site.store.sweep(1_000, 10)
    await site.store.wake([ref('c1')], 1_200)
    expect(await site.store.settle(claim, null, 1_300)).toBe('due')
    expect(await site.store.sweep(1_300, 10)).toEqual([ref('c1')])
  })
})
