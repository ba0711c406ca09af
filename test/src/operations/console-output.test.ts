/** Asking for a console through two gateways on a real store; the test is the worker. */
import type { ComputeId } from '../../../src/model/ids'
import { consoleOutput } from '../../../src/operations/console-output'
import type { Caller } from '../../../src/operations/context'
import { type Gateways, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'
import { until } from '../../support/until'

let redis: TestRedis
let site: Gateways
let ann: Caller
let bob: Caller
let id: ComputeId
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
  bob = (await site.project('bob')).caller
  const { computes } = await site.first.operations.runComputes(ann, { minCount: 1, maxCount: 1 })
  id = computes[0]?.id ?? ('' as ComputeId)
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const asked = async () => (await site.store.read('console', id))?.wish.asked ?? 0

/** As a worker would: answers the asking of that number. */
async function answer(number: number, text: string): Promise<void> {
  await until(async () => (await asked()) >= number, { what: 'an asking' })
  const claim = await site.store.claim('console', id, site.clock.now())
  if (!claim) throw new Error('no console record')
  const seen = { asked: claim.record.wish.asked, text, at: site.clock.now() }
  await site.store.observe(claim, { seen, what: 'console-seen' }, site.clock.now())
}

test('never seen by anybody: nothing, after the wait', async () => {
  expect(await consoleOutput(site.first.context, ann, id, 20)).toBeNull()
  expect(site.first.told).toContainEqual({ kind: 'console', id })
})

test('every asking waits for a look of its own', async () => {
  const first = site.first.operations.consoleOutput(ann, id)
  await answer(2, 'one')
  expect(await first).toMatchObject({ text: 'one' })
  const second = site.second.operations.consoleOutput(ann, id)
  await answer(3, 'two')
  expect(await second).toMatchObject({ text: 'two' })
})

test('no worker looks: what was seen last', async () => {
  expect(await consoleOutput(site.second.context, ann, id, 20)).toMatchObject({ text: 'two', asked: 3 })
})

test("another's machine has no console", async () => {
  await expect(site.first.operations.consoleOutput(bob, id)).rejects.toMatchObject({ kind: 'not-found' })
})
