/** Records that a change rests on without changing them. */
import type { Change } from '../../../src/store/store'
import { startRedis, type TestRedis } from '../../support/redis'
import { changeOf, createOf, openTestSite, P1, type TestSite } from '../../support/store'

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

describe('holding', () => {
  const hold = (generation: number, id = 'p1') => ({ ref: { kind: 'project', id } as const, generation })
  beforeEach(() =>
    change({
      creates: [createOf('p1', { ref: { kind: 'project', id: 'p1' }, wake: false })],
    }),
  )

  test('goes through while the record has the wish that was read, and leaves it alone', async () => {
    const before = await site.store.read('project', 'p1')
    expect(await change({ holds: [hold(1)], creates: [createOf('c1')] })).toMatchObject({ state: 'done' })
    expect(await site.store.read('project', 'p1')).toEqual(before)
  })

  test.each([
    ['another wish', hold(2)],
    ['no such record', hold(1, 'p2')],
  ])('is refused as moved for %s, and nothing is written', async (_name, held) => {
    const before = await dump()
    const refused = await change({
      holds: [hold(1), held],
      creates: [createOf('c1')],
      takes: [{ hash: 'names', field: 'n', value: 'v' }],
      counters: [{ project: P1, name: 'instances', by: 1 }],
    })
    expect(refused).toEqual({ state: 'moved', ref: held.ref })
    expect(await dump()).toEqual(before)
  })

  test('an observation moves nothing that is held', async () => {
    const claim = await site.store.claim('project', 'p1', 3_000)
    if (!claim) throw new Error('not claimed')
    expect(await site.store.observe(claim, { seen: { at: 1 }, what: 'seen' }, 3_000)).toBe(true)
    expect(await change({ holds: [hold(1)], creates: [createOf('c1')] })).toMatchObject({ state: 'done' })
  })
})
