import type { Change } from '../../../src/store/store'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, createOf, openTestSite, P1, P2, type TestSite } from '../../support/store'

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
