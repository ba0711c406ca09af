import type { Change } from '../../../src/store/store'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, createOf, hostRef, make, openTestSite, P1, ref, type TestSite } from '../../support/store'

let redis: TestRedis
let site: TestSite
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await openTestSite(redis)
  await make(site.store, 'c1')
  await site.store.change(
    changeOf({ creates: [createOf('h1', { ref: hostRef('h1'), project: null, wake: false })] }),
    1,
  )
  const placement = await site.store.claim('placement', 'site', 1)
  const record = await site.store.read('compute', 'c1')
  if (!placement || !record) throw new Error('nothing to place')
  await site.store.place(
    placement,
    [{ host: 'h1', revision: (await held()).revision }],
    [
      {
        ref: ref('c1'),
        project: P1,
        epoch: record.epoch,
        rev: record.rev,
        place: { host: 'h1' },
        raisePhase: false,
        on: { host: 'h1', claim: '"small"' },
      },
    ],
    1,
  )
})
afterEach(() => site.close())

async function held() {
  const [claims] = await site.store.hostClaims(['h1'])
  if (!claims) throw new Error('no claims')
  return claims
}
const change = (parts: Partial<Change>) => site.store.change(changeOf(parts), 2)

test('a claim becomes another amount, and the host has moved for whoever read it before', async () => {
  const { revision } = await held()
  expect(await change({ reclaims: [{ host: 'h1', revision, compute: 'c1', claim: '"large"' }] })).toMatchObject({
    state: 'done',
  })
  expect(await held()).toEqual({ host: 'h1', revision: revision + 1, claims: { c1: '"large"' } })
})

test('a claim begins with the machine that it is of, unless the host moved meanwhile', async () => {
  const { revision } = await held()
  const begins = { host: 'h1', compute: 'c2', claim: '"new"', begins: true } as const
  const creates = [createOf('c2', { wake: false })]
  expect(await change({ creates, reclaims: [{ ...begins, revision: revision - 1 }] })).toEqual({
    state: 'moved',
    ref: hostRef('h1'),
  })
  expect(await site.store.read('compute', 'c2')).toBeUndefined()
  expect(await change({ creates, reclaims: [{ ...begins, revision }] })).toMatchObject({ state: 'done' })
  expect(await held()).toEqual({ host: 'h1', revision: revision + 1, claims: { c1: '"small"', c2: '"new"' } })
})

test.each([
  ['the host moved', 'c1', -1],
  ['the machine has no claim there', 'c2', 0],
])('refused where %s: nothing of the change is written', async (_why, compute, off) => {
  const before = await held()
  const { generation, wish } = (await site.store.read('compute', 'c1')) ?? { generation: 0, wish: {} }
  const updates = [
    { ref: ref('c1'), project: P1, generation, wish: { ...wish, other: 1 }, raisePhase: false, wake: true },
  ]
  const reclaims = [{ host: 'h1', revision: before.revision + off, compute, claim: '"large"' }]
  expect(await change({ updates, reclaims })).toEqual({ state: 'moved', ref: hostRef('h1') })
  expect(await held()).toEqual(before)
  expect(await site.store.read('compute', 'c1')).toMatchObject({ generation, wish })
})
