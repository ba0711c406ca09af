import type { Claim } from '../../../src/store/store'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, createOf, hostRef, openTestSite, P1, type TestSite } from '../../support/store'

let redis: TestRedis
let site: TestSite
let claim: Claim<'storage'>
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await openTestSite(redis)
  const host = createOf('h1', { ref: hostRef('h1'), project: null, wake: false })
  const volume = createOf('v1', { ref: { kind: 'storage', id: 'v1' }, wake: false })
  await site.store.change(changeOf({ creates: [host, volume] }), 1_000)
  claim = await claimed()
})
afterEach(() => site.close())

async function claimed(): Promise<Claim<'storage'>> {
  const found = await site.store.claim('storage', 'v1', 1_000)
  if (!found) throw new Error('no volume')
  return found
}
const held = async () => (await site.store.hostClaims(['h1']))[0] ?? { revision: 0, claims: {} }
const place = { host: 'h1' }
const lodge = async (amount = '{"diskGiB":1}', revision?: number, by = claim) =>
  site.store.lodge(by, { host: 'h1', revision: revision ?? (await held()).revision, claim: amount }, place, 2_000)

test('writes place and claim, raises the revisions of record, project and host', async () => {
  const before = await held()
  expect(await lodge()).toBe('done')
  expect(await held()).toMatchObject({ revision: before.revision + 1, claims: { v1: '{"diskGiB":1}' } })
  expect(await site.store.read('storage', 'v1')).toMatchObject({ place, rev: 2, generation: 1 })
  const [event] = (await site.store.history({ kind: 'storage', id: 'v1' }, 1)) ?? []
  expect(event).toMatchObject({ what: 'storage-place', revisions: { [P1]: expect.any(Number) } })
})

test('run again after a lost reply it is done, and counts once', async () => {
  const { revision } = await held()
  await lodge(undefined, revision)
  const after = await held()
  expect(await lodge(undefined, revision)).toBe('done')
  expect(await held()).toEqual(after)
})

test('a larger claim takes the place of the smaller one', async () => {
  await lodge()
  expect(await lodge('{"diskGiB":5}')).toBe('done')
  expect((await held()).claims).toEqual({ v1: '{"diskGiB":5}' })
})

test('is refused when the claims of the host moved, and by an older claim; nothing is written', async () => {
  expect(await lodge(undefined, 99)).toBe('moved')
  const older = claim
  claim = await claimed()
  expect(await lodge(undefined, undefined, older)).toBe('superseded')
  expect((await held()).claims).toEqual({})
  expect(await site.store.read('storage', 'v1')).toMatchObject({ rev: 1 })
})

test('it goes to another host with its claim: nothing of it is left on the former one, also when the reply is lost', async () => {
  await lodge()
  const { revision } = await held()
  const to = { host: 'h2', revision: 0, claim: '{"diskGiB":1}', former: 'h1' }
  const there = { host: 'h2' }
  expect(await site.store.lodge(claim, { ...to, revision: 7 }, there, 3_000)).toBe('moved')
  expect((await held()).claims).toEqual({ v1: '{"diskGiB":1}' })
  for (const _ of [1, 2]) expect(await site.store.lodge(claim, to, there, 3_000)).toBe('done')
  expect(await held()).toEqual({ host: 'h1', revision: revision + 1, claims: {} })
  expect(await site.store.hostClaims(['h2'])).toMatchObject([{ revision: 1, claims: { v1: '{"diskGiB":1}' } }])
  expect(await site.store.read('storage', 'v1')).toMatchObject({ place: there })
})

test('given up with its place, the claim ends', async () => {
  await lodge()
  const giveUpPlace = { host: 'h1', place: { host: null }, wait: false }
  expect(await site.store.observe(claim, { giveUpPlace, what: 'storage-gone' }, 3_000)).toBe(true)
  expect((await held()).claims).toEqual({})
  expect(await site.store.read('storage', 'v1')).toMatchObject({ place: { host: null } })
})
