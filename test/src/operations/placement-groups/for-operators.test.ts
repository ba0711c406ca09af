/** Placement groups as operators see them: where the machines of each are, and who waits. */
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

test('machines with their hosts and partitions, and what they wait for; in use it is not deleted', async () => {
  const { caller } = await site.project('ann')
  const rule = { keeps: 'partitions', over: 'host', strength: 'hard', partitions: 2 } as const
  const { record } = await operations.createPlacementGroupFor(OPERATOR, 'ann', { name: 'db', rule })
  expect((await operations.listPlacementGroups(caller)).map(({ id }) => id)).toEqual([record.id])
  await site.probeHosts({ cpuHundredths: 400, memoryMiB: 65_536, diskGiB: 1000 })
  const group = { id: record.id }
  const { computes } = await operations.runComputes(caller, { minCount: 2, maxCount: 2, placementGroup: group })
  const [first, second] = computes
  if (!first || !second) throw new Error('no machines')
  await site.run(first.id)
  const [shown] = await site.second.operations.listAllPlacementGroups(OPERATOR)
  expect(shown?.members.toSorted((a, b) => (a.partition ?? 0) - (b.partition ?? 0))).toEqual([
    { name: first.wish.name, host: expect.stringMatching(/^sim-/), partition: 1, waits: null },
    { name: second.wish.name, host: null, partition: 2, waits: null },
  ])
  await expect(operations.deletePlacementGroupFor(OPERATOR, record.wish.group)).rejects.toMatchObject({
    kind: 'in-use',
    message: expect.stringContaining(first.wish.name),
  })
  await expect(operations.deletePlacementGroupFor(OPERATOR, 'pg-none')).rejects.toMatchObject({ kind: 'not-found' })
})
