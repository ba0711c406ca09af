/** Whether a machine at EC2 can be suspended is a matter of the machine: refused by name, before anything is wished, unless it was launched for it. */
import type { Fault } from '../../../../src/faults'
import type { ComputeId } from '../../../../src/model/ids'
import type { Given } from '../../../../src/model/machine'
import type { Caller } from '../../../../src/operations/context'
import { EC2_LACKS } from '../../../../workers/drivers/providers/ec2/lacks'
import { PROVIDER_LACKS } from '../../../../workers/drivers/providers/lacking'
import { type Gateways, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
const ROOM = { cpuHundredths: 800, memoryMiB: 16_384, diskGiB: 100 }

beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

/** A machine that runs at a provider which gave it this. */
async function machine(given: Partial<Given>, lacks = EC2_LACKS): Promise<ComputeId> {
  await site.probeHosts(ROOM, { lacks })
  const { computes } = await site.first.operations.runComputes(ann, { minCount: 1, maxCount: 1 })
  const [one] = computes
  if (!one) throw new Error('no machine')
  await site.run(one.id, { place: { offer: { type: 'small', price: 40_000 } } })
  const all = { object: 'i-their', addresses: [], ...given }
  await site.observe(one.id, ({ seen }) => ({
    seen: { ...seen, machine: seen.machine && { ...seen.machine, whole: true, given: all } },
  }))
  return one.id
}
const suspend = (ids: readonly ComputeId[]) =>
  site.first.operations.setPower(ann, { ids, to: 'suspended', already: 'accept' })

test('one that was launched for it there is suspended', async () => {
  const [changed] = await suspend([await machine({ hibernates: true })])
  expect(changed?.record.wish.power).toBe('suspended')
})

test.each<[string, Partial<Given>, typeof EC2_LACKS, RegExp]>([
  [
    'one that was not',
    {},
    EC2_LACKS,
    /cannot be suspended: .*launched there with HibernationOptions\.Configured=true$/,
  ],
  ['one at a provider of another kind', { hibernates: true }, PROVIDER_LACKS, /cannot be suspended: at a provider/],
])('%s is refused with the reason, and its record stays as it was', async (_what, given, lacks, says) => {
  const id = await machine(given, lacks)
  const before = await site.store.read('compute', id)
  const refusal = await suspend([id]).catch((thrown: Fault) => thrown)
  expect(refusal).toMatchObject({ kind: 'unsupported', detail: { subject: { kind: 'compute', id } } })
  expect((refusal as Fault).message).toMatch(says)
  expect(await site.store.read('compute', id)).toEqual(before)
})

test('of several, one that cannot be leaves all as they were', async () => {
  const [can, cannot] = [await machine({ hibernates: true }), await machine({})]
  await expect(suspend([can, cannot])).rejects.toMatchObject({ kind: 'unsupported' })
  expect((await site.store.read('compute', can))?.wish.power).toBe('on')
})
