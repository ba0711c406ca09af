import type { Operations } from '../../../src/operations/operations'
import { readOnlyRefused } from '../../../src/operations/read-only'
import { type Gateways, OPERATOR, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let site: Gateways
let operations: Operations

beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  operations = site.first.operations
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const FORBIDDEN = { kind: 'forbidden', detail: { reason: 'read-only' } }

test('by a token that only reads, everything can be seen and nothing changed', async () => {
  const { caller } = await site.project('ann')
  const { computes } = await operations.runComputes(caller, { minCount: 1, maxCount: 1 })
  const { token } = await operations.addToken(OPERATOR, { user: 'ann', access: 'read-only' })
  const reader = await operations.identifyByToken(token, { source: '', requestId: '' })
  if (!reader) throw new Error('the token is not taken')
  expect(reader.access).toBe('read-only')
  const [id] = computes.map((compute) => compute.id)
  expect((await operations.listComputes(reader)).map((compute) => compute.id)).toEqual([id])
  expect(await operations.listImages(reader)).toHaveLength(2)
  // Asked by every listing, and not awaited: a refusal there would end the process.
  expect(operations.asOf(reader)).toBe(operations.asOf(caller))
  for (const change of [
    () => operations.runComputes(reader, { minCount: 1, maxCount: 1 }),
    () => operations.runComputes(reader, { minCount: 1, maxCount: 1, dryRun: true }),
    () => operations.deleteComputes(reader, { ids: id ? [id] : [] }),
    () => operations.createStorage(reader, { sizeGiB: 1 }),
    () => operations.addMixins(reader, []),
    () => operations.addOwnKey(reader),
  ])
    await expect(change()).rejects.toMatchObject(FORBIDDEN)
  expect((await operations.listTokens(OPERATOR, 'ann')).map(({ access }) => access)).toEqual(['read-only'])
})

test('an operation of an unknown name is refused to readers, and to nobody else', async () => {
  const guarded = readOnlyRefused({ paint: async () => 'painted' } as unknown as Operations)
  const paint = Reflect.get(guarded, 'paint') as (who: object) => Promise<string>
  await expect(paint({ access: 'read-only' })).rejects.toMatchObject(FORBIDDEN)
  expect(await paint({})).toBe('painted')
})
