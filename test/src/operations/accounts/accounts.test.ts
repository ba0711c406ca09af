import type { StorageId } from '../../../../src/model/ids'
import type { PriceChange } from '../../../../src/operations/accounts/operations'
import type { Caller } from '../../../../src/operations/context'
import { refusalOf } from '../../../support/faults'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

const HOUR = 3_600_000
let redis: TestRedis
let site: Gateways
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startGateways(redis)
})
afterEach(() => site.close())

const set = (change: PriceChange) => site.first.operations.setPrices(OPERATOR, change)
const cost = async (project: string, month?: string) => {
  const asked = { project, ...(month === undefined ? {} : { month }) }
  return (await site.second.operations.costs(OPERATOR, asked)).projects[0]
}
const monthNow = () => new Date(site.clock.at).toISOString().slice(0, 7)

test('prices are kept, one by one, and shown by every gateway', async () => {
  expect(await site.second.operations.prices(OPERATOR)).toMatchObject({ currency: 'USD', types: {}, core: null })
  await set({ types: { 't2.nano': 5_800, 't2.micro': 11_600 }, diskGiB: 110 })
  await set({ types: { 't2.micro': null }, currency: 'EUR', core: 20_000 })
  expect(await site.second.operations.prices(OPERATOR)).toEqual({
    ...{ currency: 'EUR', types: { 't2.nano': 5_800 }, core: 20_000, memoryGiB: null },
    ...{ diskGiB: 110, snapshotGiB: null, address: null, trafficGiB: null },
  })
  await set({ core: null })
  expect(await site.second.operations.prices(OPERATOR)).toMatchObject({ core: null, diskGiB: 110 })
})

test.each<[PriceChange, string, string]>([
  [{ types: { 'm9.none': 1 } }, 'not-found', 'types.m9.none'],
  [{ types: { 't2.nano': -1 } }, 'invalid', 'types.t2.nano'],
  [{ core: 0.5 }, 'invalid', 'core'],
  [{ currency: 'euro' }, 'invalid', 'currency'],
  [{ trafficGiB: Number.NaN }, 'invalid', 'trafficGiB'],
])('%j is refused as %s, naming %s, and changes nothing', async (change, kind, field) => {
  const { kind: told, detail } = await refusalOf((async () => set(change))())
  expect([told, detail.field]).toEqual([kind, field])
  expect(await site.first.operations.prices(OPERATOR)).toMatchObject({ currency: 'USD', types: {} })
})

test('a machine costs from its place on, a volume from its order, an address from its lease; each to this moment', async () => {
  await set({ types: { 't2.nano': 6_000 }, diskGiB: 100 })
  const { caller } = await site.project('green')
  const { computes } = await site.first.operations.runComputes(caller, { minCount: 1, maxCount: 1, type: 't2.nano' })
  const [machine] = computes
  await site.first.operations.createStorage(caller, { sizeGiB: 20 })
  site.clock.at += HOUR
  if (!machine) throw new Error('nothing was made')
  const { name, size } = machine.wish
  const use = { name, type: size.type, cores: 1, memoryMiB: 512, diskGiB: 10, since: site.clock.at }
  await site.run(machine.id, { place: { use } })
  site.clock.at += 2 * HOUR
  const found = await cost('green')
  const lines = Object.fromEntries(
    (found?.lines ?? []).map((line) => [line.kind, [line.hours, line.gibHours, line.cost?.amount]]),
  )
  expect(lines).toEqual({ machine: [2, 20, 12_000 + 2_000], volume: [0, 60, 6_000] })
  expect(found?.totals).toEqual({ USD: 20_000 })
  // A dearer hour rates all of the month anew.
  await set({ types: { 't2.nano': 60_000 } })
  expect((await cost('green'))?.totals).toEqual({ USD: 20_000 + 2 * 54_000 })
})

type Grow = (caller: Caller, order: { readonly storage: StorageId; readonly sizeGiB: number }) => Promise<unknown>

test.each<[string, Grow]>([
  ['by itself', (caller, order) => site.first.operations.changeStorage(caller, order)],
  ['as one of several', (caller, order) => site.first.operations.changeStorages(caller, [order])],
])('a volume that grows %s is two uses without a gap, one that is deleted costs no more', async (_how, grow) => {
  const { caller } = await site.project('green')
  const record = await site.first.operations.createStorage(caller, { sizeGiB: 10 })
  const began = site.clock.at
  site.clock.at += HOUR
  await grow(caller, { storage: record.id, sizeGiB: 30 })
  site.clock.at += HOUR
  await site.first.operations.deleteStorages(caller, { ids: [record.id] })
  site.clock.at += HOUR
  const { uses } = await site.second.operations.uses(OPERATOR, { project: 'green' })
  expect(uses.map(({ kind, diskGiB, from, until }) => [kind, diskGiB, from - began, until && until - began])).toEqual([
    ['volume', 10, 0, HOUR],
    ['volume', 30, HOUR, 2 * HOUR],
  ])
})

test('a snapshot costs from when it was completed until its deletion is ordered, and counts against the quota', async () => {
  await set({ snapshotGiB: 50 })
  const { caller } = await site.project('green')
  await site.first.operations.setProject(OPERATOR, 'green', { quota: { snapshotGiB: 50 } })
  const { id: volume } = await site.first.operations.createStorage(caller, { sizeGiB: 30 })
  const of = [{ kind: 'storage', id: volume }] as const
  const [ordered] = await site.first.operations.createSnapshots(caller, { of })
  const second = await refusalOf(site.second.operations.createSnapshots(caller, { of }))
  expect([second.kind, second.detail.field]).toEqual(['quota', 'snapshotGiB'])
  const claim = ordered && (await site.store.claim('snapshot', ordered.id, site.clock.at))
  if (!claim) throw new Error('nothing was made')
  site.clock.at += HOUR
  const seen = { ...claim.record.seen, state: 'completed', percent: 100, completedAt: site.clock.at } as const
  await site.store.observe(claim, { seen, what: 'snapshot-completed' }, site.clock.at)
  site.clock.at += 2 * HOUR
  const lineNow = async () => (await cost('green'))?.lines.find(({ kind }) => kind === 'snapshot')
  expect(await lineNow()).toMatchObject({ gibHours: 60, cost: { amount: 3_000 } })
  await site.second.operations.deleteSnapshot(caller, ordered.id)
  site.clock.at += HOUR
  expect(await lineNow()).toMatchObject({ gibHours: 60, cost: { amount: 3_000 } })
  const { uses } = await site.first.operations.uses(OPERATOR, { project: 'green', limit: 1 })
  expect(uses).toMatchObject([{ kind: 'snapshot', diskGiB: 30, until: site.clock.at - HOUR }])
})

test('what a project that is gone used is told under its id', async () => {
  const { caller, project } = await site.project('brief')
  await site.first.operations.createStorage(caller, { sizeGiB: 5 })
  site.clock.at += HOUR
  await site.store.change(
    {
      ...{ operationId: 'op-gone', actor: OPERATOR.actor, what: 'test' },
      used: (await site.first.operations.uses(OPERATOR, { project: 'brief' })).uses.map((use) => ({
        ...use,
        until: site.clock.at,
      })),
    },
    site.clock.at,
  )
  const found = await site.second.operations.costs(OPERATOR, { project: project.id })
  expect(found.projects).toHaveLength(1)
  expect(found.projects[0]?.lines[0]).toMatchObject({ kind: 'volume', gibHours: 5 })
})

test.each([
  [{ month: '2026-13' }, 'invalid', 'month'],
  [{ month: 'last' }, 'invalid', 'month'],
  [{ month: '2999-01' }, 'invalid', 'month'],
  [{ project: 'nobody' }, 'not-found', undefined],
])('%j is refused as %s', async (asked, kind, field) => {
  for (const call of ['costs', 'uses'] as const) {
    const { kind: told, detail } = await refusalOf(site.first.operations[call](OPERATOR, asked))
    expect([told, detail.field]).toEqual([kind, field])
  }
})

test('an earlier month is told without what came later, and without a budget of now', async () => {
  const { caller } = await site.project('green')
  await site.first.operations.setProject(OPERATOR, 'green', { budget: { amount: 5 } })
  const past = monthNow()
  await site.first.operations.createStorage(caller, { sizeGiB: 10 })
  const end = Date.UTC(new Date(site.clock.at).getUTCFullYear(), new Date(site.clock.at).getUTCMonth() + 1, 1)
  const gibHours = (10 * (end - site.clock.at)) / HOUR
  site.clock.at = end + 3 * HOUR
  const before = await cost('green', past)
  expect(before?.lines[0]?.gibHours).toBeCloseTo(gibHours, 1)
  expect(before?.budget).toBeNull()
  const now = await cost('green')
  expect(now?.lines[0]?.gibHours).toBeCloseTo(30, 5)
  expect(now?.budget).toMatchObject({ amount: 5, currency: 'USD', alarmAt: 80, percent: 0, alarm: null })
})

test('a project’s budget: set, changed in part, taken away; its job is woken', async () => {
  await site.project('green')
  const { operations } = site.first
  const budget = async (order: Parameters<typeof operations.setProject>[2]['budget']) =>
    (await operations.setProject(OPERATOR, 'green', order === undefined ? {} : { budget: order })).wish.budget
  await set({ currency: 'EUR' })
  expect(await budget({ amount: 100 })).toEqual({ amount: 100, currency: 'EUR', alarmAt: 80 })
  expect(await budget({ amount: 200, alarmAt: 75 })).toEqual({ amount: 200, currency: 'EUR', alarmAt: 75 })
  expect(await budget(undefined)).toMatchObject({ amount: 200 })
  expect(await budget(null)).toBeUndefined()
  expect(site.first.told).toContainEqual({ kind: 'accounts', id: 'site' })
  for (const [wrong, field] of [
    [{ amount: -1 }, 'budget.amount'],
    [{ amount: 1, alarmAt: 0 }, 'budget.alarmAt'],
    [{ amount: 1, currency: 'x' }, 'budget.currency'],
  ] as const)
    expect((await refusalOf(budget(wrong))).detail.field).toBe(field)
})

test('the first budget makes the accounts that the site has not yet, whichever gateway comes first', async () => {
  await Promise.all(['a', 'b'].map((name) => site.project(name)))
  await Promise.all([
    site.first.operations.setProject(OPERATOR, 'a', { budget: { amount: 1 } }),
    site.second.operations.setProject(OPERATOR, 'b', { budget: { amount: 2 } }),
  ])
  expect(await site.store.readAll('accounts')).toHaveLength(1)
})

test('a question what machines would cost is checked before it is written', async () => {
  const [image] = await site.first.operations.listImages(OPERATOR as never)
  const ask = { type: 't2.nano', image: image?.wish.ami ?? '', count: 2, hours: 3 }
  const { wish } = await site.first.operations.studyQuote(OPERATOR, ask)
  expect(wish.asks).toMatchObject({ kind: 'quote', count: 2, hours: 3, project: null, size: { type: 't2.nano' } })
  for (const [wrong, kind] of [
    [{ type: 'm9.none' }, 'not-found'],
    [{ image: 'ami-none' }, 'not-found'],
    [{ project: 'nobody' }, 'not-found'],
    [{ count: 0 }, 'invalid'],
    [{ count: 1001 }, 'invalid'],
    [{ hours: 1.5 }, 'invalid'],
  ] as const)
    expect(
      (await refusalOf((async () => site.first.operations.studyQuote(OPERATOR, { ...ask, ...wrong }))())).kind,
    ).toBe(kind)
})

test('explain says what an hour costs on each host', async () => {
  await set({ types: { 't2.nano': 6_000 } })
  const { caller } = await site.project('green')
  const { computes } = await site.first.operations.runComputes(caller, { minCount: 1, maxCount: 1, type: 't2.nano' })
  const { hosts } = await site.second.operations.explainCompute(OPERATOR, computes[0]?.id ?? '')
  expect(hosts.map(({ hour }) => hour)).toEqual(hosts.map(() => ({ amount: 6_000, currency: 'USD' })))
})
