/** Questions as gateways take them: what is written for a worker, and what is refused by name. */
import { RUNNING_STUDY, type StudySeen } from '../../../../src/model/records'
import type { Operations } from '../../../../src/operations/operations'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let operations: Operations
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startGateways(redis)
  operations = site.first.operations
})
afterEach(() => site.close())

const hostId = async (name: string) =>
  (await operations.listHosts(OPERATOR)).find(({ wish }) => wish.name === name)?.id ?? ''

async function answer(id: string, seen: StudySeen): Promise<void> {
  const claim = await site.store.claim('study', id, 1)
  if (!claim) throw new Error('no study')
  await site.store.observe(claim, { seen, what: 'study-answered' }, 1)
}

test('a question is written for the workers, and every gateway has its answer', async () => {
  const asked = await operations.studyRebalance(OPERATOR, { goal: 'pack', budget: 5 })
  expect(asked.wish.asks).toEqual({ kind: 'rebalance', goal: 'pack', budget: 5, bandwidth: 100 })
  expect(site.first.told).toContainEqual({ kind: 'study', id: asked.id })
  expect((await site.second.operations.study(OPERATOR, asked.id)).seen).toBeNull()
  const answered = { at: 5, answer: { kind: 'none', message: 'no' } } as const
  await answer(asked.id, answered)
  expect((await site.second.operations.study(OPERATOR, asked.id)).seen).toEqual(answered)
  await expect(operations.runStudy(OPERATOR, asked.id)).rejects.toMatchObject({ kind: 'state' })
})

test('the newest comes first', async () => {
  const first = await operations.studyRebalance(OPERATOR, { goal: 'pack' })
  site.clock.at += 1000
  const second = await operations.studyWhatIf(OPERATOR, { lose: ['sim-1'] })
  expect((await operations.listStudies(OPERATOR)).map(({ id }) => id)).toEqual([second.id, first.id])
})

test('hosts by name and by label, each once', async () => {
  await operations.setHost(OPERATOR, 'sim-1', { labels: { rack: 'r1' } })
  await operations.setHost(OPERATOR, 'sim-2', { labels: { rack: 'r1' } })
  const { wish } = await operations.studyWhatIf(OPERATOR, {
    lose: ['rack=r1', 'sim-2', 'sim-3'],
    add: [{ like: 'sim-4', count: 2 }],
  })
  const [one, two, three, four] = await Promise.all(['sim-1', 'sim-2', 'sim-3', 'sim-4'].map(hostId))
  expect(wish.asks).toMatchObject({
    kind: 'whatif',
    changes: [{ kind: 'lose' }, { kind: 'add', like: four, count: 2 }],
  })
  const [lost] = wish.asks.kind === 'whatif' ? wish.asks.changes : []
  expect(lost?.kind === 'lose' ? [...lost.hosts].toSorted() : []).toEqual([one, two, three].toSorted())
})

test.each<[string, () => Promise<unknown>, object]>([
  ['no change', () => operations.studyWhatIf(OPERATOR, {}), { kind: 'missing', detail: { field: 'lose' } }],
  ['a host', () => operations.studyWhatIf(OPERATOR, { lose: ['none'] }), { kind: 'not-found' }],
  ['a label', () => operations.studyWhatIf(OPERATOR, { drain: ['rack=r9'] }), { kind: 'not-found' }],
  ['a study', () => operations.study(OPERATOR, 'none'), { kind: 'not-found' }],
  ['a plan', () => operations.cancelStudy(OPERATOR, 'none'), { kind: 'not-found' }],
  [
    'so many',
    async () => operations.studyWhatIf(OPERATOR, { add: [{ like: 'sim-1', count: 1001 }] }),
    { kind: 'invalid', detail: { field: 'add' } },
  ],
  [
    'no budget',
    async () => operations.studyRebalance(OPERATOR, { goal: 'pack', budget: 0 }),
    { kind: 'invalid', detail: { field: 'budget' } },
  ],
])('refused: %s', async (_what, asking, refusal) => {
  await expect(asking()).rejects.toMatchObject(refusal)
  expect(await site.store.readAll('study')).toEqual([])
})

test('hosts to add: those that are like one host are one change, a thousand in all, and no provider', async () => {
  const add = [2, 3].map((count) => ({ like: 'sim-1', count }))
  const { wish } = await operations.studyWhatIf(OPERATOR, { add: [...add, { like: 'sim-2', count: 1 }] })
  expect(wish.asks).toMatchObject({
    changes: [
      { kind: 'add', like: await hostId('sim-1'), count: 5 },
      { kind: 'add', like: await hostId('sim-2'), count: 1 },
    ],
  })
  const many = [600, 401].map((count, at) => ({ like: `sim-${at + 1}`, count }))
  await expect((async () => operations.studyWhatIf(OPERATOR, { add: many }))()).rejects.toMatchObject({
    kind: 'invalid',
    detail: { field: 'add' },
  })
  await operations.addProvider(OPERATOR, {
    ...{ name: 'ec2-eu', kind: 'ec2', endpoint: 'https://ec2.example.org', region: 'eu-1' },
    ...{ account: 'AKIAEXAMPLE', secret: 'a-secret' },
  })
  await expect(operations.studyWhatIf(OPERATOR, { add: [{ like: 'ec2-eu', count: 1 }] })).rejects.toMatchObject({
    kind: 'unsupported',
    detail: { field: 'add' },
  })
})

test('two gateways run one plan at a time, also when neither has heard of the other', async () => {
  const seen: StudySeen = {
    at: 1,
    answer: { kind: 'rebalance', before: { largest: 1, used: 1 }, after: { largest: 1, used: 1 }, moves: [] },
  }
  const [one, two] = [
    await operations.studyRebalance(OPERATOR, { goal: 'pack' }),
    await operations.studyRebalance(OPERATOR, { goal: 'pack' }),
  ]
  for (const { id } of [one, two]) await answer(id, seen)
  const [first, second] = await Promise.allSettled([
    site.first.operations.runStudy(OPERATOR, one.id),
    site.second.operations.runStudy(OPERATOR, two.id),
  ])
  expect([first.status, second.status].toSorted()).toEqual(['fulfilled', 'rejected'])
  const [running, refused] = first.status === 'fulfilled' ? [one, two] : [two, one]
  await expect(site.first.operations.runStudy(OPERATOR, refused.id)).rejects.toMatchObject({ kind: 'state' })
  // As its job says when all of its moves are through.
  const claim = await site.store.claim('study', running.id, 1)
  if (!claim) throw new Error('no study')
  const over = { ...seen, endedAt: 2 }
  await site.store.observe(claim, { seen: over, releases: [RUNNING_STUDY], what: 'study-answered' }, 2)
  expect((await site.second.operations.runStudy(OPERATOR, refused.id)).wish.run).toBeDefined()
})

test('books are compared with providers alone, of a month that is no later than this one', async () => {
  const order = { kind: 'occi', endpoint: 'https://north.example.org', region: 'n', account: 'south', secret: 'word' }
  const { id } = await operations.addProvider(OPERATOR, { name: 'north', ...order })
  const { wish } = await operations.studyReconcile(OPERATOR, { provider: 'north', month: '2026-11' })
  expect(wish.asks).toEqual({
    ...{ kind: 'reconcile', provider: id, providerName: 'north', month: '2026-11', withinSeconds: 600 },
  })
  const refused = async (ask: Parameters<Operations['studyReconcile']>[1]) => {
    await expect((async () => operations.studyReconcile(OPERATOR, ask))()).rejects.toMatchObject({
      kind: ask.provider === 'north' ? 'invalid' : 'not-found',
    })
  }
  await refused({ provider: 'north', month: '2999-01' })
  await refused({ provider: 'north', withinSeconds: -1 })
  await refused({ provider: 'sim-1' })
  await refused({ provider: 'nobody' })
  expect(
    (await operations.listStudies(OPERATOR)).filter(({ wish: one }) => one.asks.kind === 'reconcile'),
  ).toHaveLength(1)
})
