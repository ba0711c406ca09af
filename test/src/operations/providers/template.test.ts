/** Orders that bring the common template, over a real Redis: kept as they were said, user data sealed; what is wrong changes nothing. */
import type { BurstOrder } from '../../../../src/model/providers/template'
import type { Caller } from '../../../../src/operations/context'
import { unseal } from '../../../../src/store/sealed'
import { type Gateways, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
  await site.probeHosts({ cpuHundredths: 800, memoryMiB: 16_384, diskGiB: 100 })
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const run = (burst: BurstOrder) => site.first.operations.runComputes(ann, { minCount: 2, maxCount: 2, burst })
const SECRET = Buffer.from('password=hunter2').toString('base64')

test('each machine has it, its user data sealed under its own record', async () => {
  const said: BurstOrder = { regions: ['eu-1'], replaceable: true, sections: { ec2: { zone: 'a' } } }
  const { computes } = await run({ ...said, userData: { ec2: SECRET } })
  for (const { id } of computes) {
    const record = await site.store.read('compute', id)
    expect(record?.wish.burst).toMatchObject(said)
    const sealed = record?.wish.burst?.userData?.ec2
    if (record === undefined || sealed === undefined) throw new Error('no user data')
    expect(JSON.stringify(record)).not.toContain(SECRET)
    expect(unseal(site.ring, record.id, sealed)).toBe(SECRET)
  }
})

test.each<[BurstOrder, string, string]>([
  [{ sections: { ec2: { colour: 'red' } } }, 'unknown-field', 'burst.ec2.colour'],
  [{ sections: { azure: {} } as never }, 'unknown-field', 'burst.azure'],
  [{ sections: { ec2: { tags: 'x' } } }, 'invalid', 'burst.ec2.tags'],
  [{ regions: [] }, 'invalid', 'burst.regions'],
  [{ userData: { ec2: 'no base64!' } }, 'invalid', 'userData'],
])('%j is refused by name, and nothing is ordered', async (burst, kind, field) => {
  const before = (await site.first.operations.listComputes(ann)).length
  await expect(run(burst)).rejects.toMatchObject({ kind, detail: { field } })
  expect(await site.first.operations.listComputes(ann)).toHaveLength(before)
})
