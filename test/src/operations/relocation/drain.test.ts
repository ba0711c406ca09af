/** Orders to drain a host and what is told of them, without a worker. */
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

const hostOf = async (name: string) => {
  const host = (await site.second.operations.listHosts(OPERATOR)).find(({ wish }) => wish.name === name)
  if (!host) throw new Error('no host')
  return host
}

test('is a level on the host, which the workers hear of; the same again changes the number alone', async () => {
  const first = await operations.drainHost(OPERATOR, 'sim-1', {})
  expect(first.wish).toMatchObject({ enabled: false, drain: { parallel: 2, wasEnabled: true, by: 'operator' } })
  expect(site.first.told).toContainEqual({ kind: 'relocation', id: 'site' })
  site.clock.at += 5000
  await site.second.operations.drainHost(OPERATOR, 'sim-1', { parallel: 4 })
  expect((await hostOf('sim-1')).wish.drain).toEqual({ ...first.wish.drain, parallel: 4 })
})

test.each([0, 17, 1.5])('%s at a time are refused, and nothing changes', async (parallel) => {
  expect(() => operations.drainHost(OPERATOR, 'sim-1', { parallel })).toThrow(
    expect.objectContaining({ kind: 'invalid', detail: { field: 'parallel' } }),
  )
  expect((await hostOf('sim-1')).wish.drain).toBeUndefined()
})

test('enabling ends it; cancelled, the host is as it was before, or as it was wished meanwhile', async () => {
  await operations.drainHost(OPERATOR, 'sim-1', {})
  expect((await operations.setHostEnabled(OPERATOR, 'sim-1', true)).wish).not.toHaveProperty('drain')
  await operations.setHostEnabled(OPERATOR, 'sim-1', false)
  await operations.drainHost(OPERATOR, 'sim-1', {})
  expect((await operations.cancelDrain(OPERATOR, 'sim-1')).wish.enabled).toBe(false)
  await operations.setHostEnabled(OPERATOR, 'sim-1', true)
  await operations.drainHost(OPERATOR, 'sim-1', {})
  await operations.setHostEnabled(OPERATOR, 'sim-1', false)
  expect((await operations.drainProgress(OPERATOR, 'sim-1')).state).toBe('drained')
  expect((await operations.cancelDrain(OPERATOR, 'sim-1')).wish.enabled).toBe(false)
})

test('what is there before any worker has looked waits', async () => {
  const { caller } = await site.project('ann')
  await site.probeHosts({ cpuHundredths: 800, memoryMiB: 8192, diskGiB: 100 })
  const { computes } = await operations.runComputes(caller, { minCount: 1, maxCount: 1, type: 't2.nano' })
  const id = computes[0]?.id
  if (!id) throw new Error('no machine')
  await site.run(id)
  const { hostName } = (await operations.getCompute(caller, id)).place
  await operations.drainHost(OPERATOR, hostName ?? '', {})
  const progress = await site.second.operations.drainProgress(OPERATOR, hostName ?? '')
  expect(progress).toMatchObject({ state: 'draining', machines: [{ id, state: 'waits', message: null }], volumes: [] })
  expect((await operations.reschedule(OPERATOR, id)).id).toBe(id)
  expect((await site.store.read('relocation', 'site'))?.wish?.flagged).toMatchObject([{ id, by: 'operator' }])
})

test('names that are not there', async () => {
  await expect(operations.drainHost(OPERATOR, 'none', {})).rejects.toMatchObject({ kind: 'not-found' })
  await expect(operations.drainProgress(OPERATOR, 'none')).rejects.toMatchObject({ kind: 'not-found' })
  await expect(operations.reschedule(OPERATOR, 'i-0123456789abcdef0')).rejects.toMatchObject({ kind: 'not-found' })
})
