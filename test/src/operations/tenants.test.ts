/** Another project's machine does not exist: for every operation that takes one. */
import type { ComputeRecord } from '../../../src/model/records'
import type { Caller } from '../../../src/operations/context'
import type { Operations } from '../../../src/operations/operations'
import { type Gateways, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
let bob: Caller
let theirs: ComputeRecord

beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
  bob = (await site.project('bob')).caller
  const { computes } = await site.first.operations.runComputes(bob, { minCount: 1, maxCount: 1, tags: { of: 'bob' } })
  if (!computes[0]) throw new Error('no machine')
  theirs = computes[0]
  await site.run(theirs.id)
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const deeds: readonly (readonly [string, (operations: Operations, ids: ComputeRecord['id'][]) => Promise<unknown>])[] =
  [
    ['get', (it, [id]) => it.getCompute(ann, id ?? theirs.id)],
    ['stop', (it, ids) => it.setPower(ann, { ids, to: 'off', already: 'accept' })],
    ['start', (it, ids) => it.setPower(ann, { ids, to: 'on', already: 'refuse' })],
    ['restart', (it, ids) => it.restartComputes(ann, { ids, how: 'cold' })],
    ['delete', (it, ids) => it.deleteComputes(ann, { ids })],
    ['tag', (it, ids) => it.tagResources(ann, { refs: ids.map((id) => ({ kind: 'compute', id })), removeAll: true })],
  ]

it.each(deeds)('%s: as if it were not there, and nothing happens to it', async (_name, deed) => {
  const before = await site.store.read('compute', theirs.id)
  for (const { operations } of [site.first, site.second])
    await expect(deed(operations, [theirs.id])).rejects.toMatchObject({ kind: 'not-found' })
  expect(await site.store.read('compute', theirs.id)).toEqual(before)
})

it('is in no list and has no name', async () => {
  const { operations } = site.second
  expect(await operations.listComputes(ann)).toEqual([])
  await expect(operations.namedComputes(ann, [theirs.wish.name])).rejects.toMatchObject({ kind: 'not-found' })
  expect((await operations.namedComputes(bob, [theirs.wish.name]))[0]?.id).toBe(theirs.id)
})

it('one that is missing refuses the whole batch, in the same words as one that never was', async () => {
  const { computes } = await site.first.operations.runComputes(ann, { minCount: 1, maxCount: 1 })
  const mine = computes[0]?.id ?? theirs.id
  await expect(site.first.operations.deleteComputes(ann, { ids: [mine, theirs.id] })).rejects.toMatchObject({
    kind: 'not-found',
    message: `there is no machine ${theirs.id}`,
  })
  expect((await site.first.operations.getCompute(ann, mine)).wish.exists).toBe(true)
})
