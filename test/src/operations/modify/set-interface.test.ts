import type { Caller } from '../../../../src/operations/context'
import { type Gateways, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

async function machine() {
  const { computes } = await site.first.operations.runComputes(ann, { minCount: 1, maxCount: 1 })
  const [compute] = computes
  if (!compute) throw new Error('nothing was made')
  return { id: compute.id, interface: compute.wish.interfaces[0]?.name ?? '' }
}

test('a description is kept, shown by every gateway, and taken away again; the same is written once', async () => {
  const order = await machine()
  const set = (description: string) => site.first.operations.setInterface(ann, { ...order, description })
  await set('the way out')
  const shown = async () => (await site.second.operations.getCompute(ann, order.id)).wish.interfaces[0]?.description
  expect(await shown()).toBe('the way out')
  const { rev } = (await site.store.read('compute', order.id)) ?? {}
  await set('the way out')
  expect((await site.store.read('compute', order.id))?.rev).toBe(rev)
  await set('')
  expect(await shown()).toBe('')
})

test('a dry run writes nothing; what is wrong is refused', async () => {
  const order = await machine()
  const { operations } = site.first
  await operations.setInterface(ann, { ...order, description: 'x', dryRun: true })
  expect((await operations.getCompute(ann, order.id)).wish.interfaces[0]?.description).toBeUndefined()
  const long = operations.setInterface(ann, { ...order, description: 'x'.repeat(256) })
  await expect(long).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'description' } })
  const other = operations.setInterface(ann, { ...order, interface: 'eni-1', description: 'x' })
  await expect(other).rejects.toMatchObject({ kind: 'not-found', detail: { subject: { kind: 'networkinterface' } } })
  await operations.deleteComputes(ann, { ids: [order.id] })
  await expect(operations.setInterface(ann, { ...order, description: 'x' })).rejects.toMatchObject({ kind: 'state' })
})

test('free addresses of a network are those that no machine of any project has', async () => {
  const { operations } = site.first
  const { network } = operations.defaults()
  if (!network) throw new Error('no network')
  await operations.listComputes(ann)
  const before = operations.freeAddresses(network)
  const { id } = await machine()
  await operations.listComputes(ann)
  expect(operations.freeAddresses(network)).toBe(before - 1)
  expect(before).toBeLessThanOrEqual(2 ** 16 - 3)
  await site.observe(id, ({ seen }) => ({ seen: { ...seen, goneAt: site.clock.now() } }))
  await operations.listComputes(ann)
  expect(operations.freeAddresses(network)).toBe(before)
})
