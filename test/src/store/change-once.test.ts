import { randomUUID } from 'node:crypto'
import type { Change } from '../../../src/store/store'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, createOf, make, openTestSite, P1, P2, ref, type TestSite } from '../../support/store'

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

const change = (parts: Partial<Change>, now = 2_000) => site.store.change(changeOf(parts), now)
const dump = async () => {
  const keys = (await site.raw.keys(`{${site.store.site}}:*`)).sort()
  return Promise.all(keys.map(async (key) => [key, (await site.raw.dumpBuffer(key))?.toString('hex')]))
}

describe('once', () => {
  test('the same operation id again gets the first answer and changes nothing, whatever it asks', async () => {
    const first = changeOf({
      creates: [createOf('c1')],
      counters: [{ project: P1, name: 'cores', by: 1 }],
      answer: [1],
    })
    expect(await site.store.change(first, 2_000)).toEqual({ state: 'done', answer: [1] })
    const before = await dump()
    expect(await site.store.change(first, 3_000)).toEqual({ state: 'repeated', answer: [1] })
    expect(await site.store.change({ ...first, answer: [2] }, 3_000)).toEqual({ state: 'repeated', answer: [1] })
    expect(await dump()).toEqual(before)
  })

  test('an operation id is kept for ten minutes', async () => {
    const first = changeOf({ answer: 1 })
    await site.store.change(first, 2_000)
    const left = await site.raw.pttl(site.keys.operation(first.operationId))
    expect(left).toBeGreaterThan(590_000)
    expect(left).toBeLessThanOrEqual(600_000)
  })

  test('a refusal is not kept: the retry with fresh values goes through under the same id', async () => {
    await make(site.store, 'c1')
    const operationId = randomUUID()
    const update = { ref: ref('c1'), project: P1, generation: 7, wish: {}, raisePhase: false, wake: false }
    expect(await change({ operationId, updates: [update] })).toMatchObject({ state: 'moved' })
    expect(await change({ operationId, updates: [{ ...update, generation: 1 }] })).toMatchObject({ state: 'done' })
  })

  test('the same operation sent many times at once is done once', async () => {
    const asked = changeOf({
      creates: [createOf('c1')],
      counters: [{ project: P1, name: 'cores', by: 1 }],
      answer: 'x',
    })
    const results = await Promise.all(Array.from({ length: 10 }, () => site.store.change(asked, 2_000)))
    expect(results.map(({ state }) => state).sort()).toEqual(['done', ...Array(9).fill('repeated')])
    expect(await site.store.counters(P1)).toEqual({ cores: 1 })
  })

  test('a change without an answer answers null', async () => {
    const asked = changeOf({})
    expect(await site.store.change(asked, 1)).toEqual({ state: 'done', answer: null })
    expect(await site.store.change(asked, 1)).toEqual({ state: 'repeated', answer: null })
  })
})

describe('client tokens', () => {
  const token = (digest: string, project = P1) => ({ project, token: 'any text: of a client', digest })
  const DAY = 86_400_000

  test('answer as the first time, with the digest of what was asked then', async () => {
    await change({ token: token('d1'), creates: [createOf('c1')], answer: ['c1'] })
    const again = await change({ token: token('d2'), creates: [createOf('c2')], answer: ['c2'] })
    expect(again).toEqual({ state: 'token', digest: 'd1', answer: ['c1'] })
    expect(await site.store.read('compute', 'c2')).toBeUndefined()
  })

  test("are a project's own", async () => {
    await change({ token: token('d1') })
    expect(await change({ token: token('d1', P2) })).toMatchObject({ state: 'done' })
  })

  test('are kept for a day by the clock of the gateway', async () => {
    await change({ token: token('d1') }, 5_000)
    expect(await change({ token: token('d1') }, 5_000 + DAY - 1)).toMatchObject({ state: 'token' })
    expect(await change({ token: token('d3') }, 5_000 + DAY)).toMatchObject({ state: 'done' })
    expect(await change({ token: token('d1') }, 5_000 + DAY)).toMatchObject({ state: 'token', digest: 'd3' })
  })

  test('a refused change does not use its token up', async () => {
    await change({ takes: [{ hash: 'names', field: 'x', value: '1' }] })
    const asked = { token: token('d1'), takes: [{ hash: 'names', field: 'x', value: '2' }] }
    expect(await change(asked)).toMatchObject({ state: 'taken' })
    expect(await change({ token: token('d1') })).toMatchObject({ state: 'done' })
  })
})
