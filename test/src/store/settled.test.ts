/** Times that were taken over from a gateway that lends, over a real Redis. */
import type { Use } from '../../../src/model/accounts'
import { startRedis, type TestRedis } from '../../support/redis'
import { openTestSite, type TestSite } from '../../support/store'
import { HOUR_MS, useOf } from '../../support/use'

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

const NOON = Date.UTC(2026, 10, 21, 12)
const offer = { type: 't2.nano', price: 5_800, currency: 'EUR' }
const lent = (id: string, parts: Partial<Use> = {}): Use =>
  useOf({ id, offer, from: NOON, until: NOON + HOUR_MS, ...parts })

test('nothing is taken over, nothing changes', async () => {
  const uses = [lent('a'), useOf({ id: 'b' })]
  expect(await site.store.settled.told(uses)).toBe(uses)
  await site.store.settled.keep([])
  expect(await site.store.settled.revision()).toBe(0)
})

test('each end by itself, of the use that began then; the same again is the same', async () => {
  const use = lent('a')
  const until = { use, end: 'until', at: NOON + HOUR_MS - 4_000 } as const
  for (const _again of [1, 2]) await site.store.settled.keep([until, { use, end: 'from', at: NOON + 2_000 }])
  const others = [lent('a', { from: NOON - HOUR_MS, until: NOON }), lent('b')]
  expect(await site.store.settled.told([use, ...others])).toEqual([
    { ...use, from: NOON + 2_000, until: until.at },
    ...others,
  ])
  expect(await site.store.settled.revision()).toBe(2)
})

test('many at once: all of them, in parts', async () => {
  const uses = Array.from({ length: 2_500 }, (_, at) => lent(`use-${at}`))
  await site.store.settled.keep(uses.map((use) => ({ use, end: 'until', at: NOON + 1_000 })))
  const told = await site.store.settled.told(uses)
  expect(told.filter(({ until }) => until === NOON + 1_000)).toHaveLength(uses.length)
  expect(await site.store.settled.revision()).toBe(3)
})

test('an end that is known there is not told as long as it goes on here; months do not mix; our own hosts have no lender', async () => {
  const december = lent('a', { from: Date.UTC(2026, 11, 1), until: null })
  const own = useOf({ id: 'own', from: NOON, until: NOON + 1 })
  await site.store.settled.keep([
    { use: december, end: 'until', at: december.from + 5_000 },
    { use: december, end: 'from', at: december.from + 1_000 },
    { use: own, end: 'from', at: 1 },
  ])
  expect(await site.store.settled.told([lent('a'), december, own])).toEqual([
    lent('a'),
    { ...december, from: december.from + 1_000 },
    own,
  ])
})
