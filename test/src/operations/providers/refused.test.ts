/** What cannot be done at a provider is refused by name before anything is wished. */
import type { Fault } from '../../../../src/faults'
import type { ComputeId } from '../../../../src/model/ids'
import type { Caller } from '../../../../src/operations/context'
import { PROVIDER_LACKS } from '../../../../workers/drivers/providers/lacking'
import { type Gateways, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
let machine: ComputeId

beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
  await site.probeHosts({ cpuHundredths: 800, memoryMiB: 16_384, diskGiB: 100 }, { lacks: PROVIDER_LACKS })
  const { computes } = await site.first.operations.runComputes(ann, { minCount: 1, maxCount: 1 })
  const [one] = computes
  if (!one) throw new Error('no machine')
  machine = one.id
  await site.run(machine, { place: { offer: { type: 'small', price: 40_000 } } })
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const asked: Readonly<Record<string, () => Promise<unknown>>> = {
  'to be suspended': () => site.first.operations.setPower(ann, { ids: [machine], to: 'suspended', already: 'accept' }),
  'another size while it runs': () =>
    site.first.operations.resizeCompute(ann, { id: machine, type: 't2.large', running: 'grows' }),
}

test.each(Object.keys(asked))('%s is unsupported with the reason, and its record stays as it was', async (what) => {
  const before = await site.store.read('compute', machine)
  const refusal = await asked[what]?.().catch((thrown: Fault) => thrown)
  expect(refusal).toMatchObject({ kind: 'unsupported', detail: { subject: { kind: 'compute', id: machine } } })
  expect((refusal as Fault).message).toMatch(/cannot be .*: at a provider/)
  expect(await site.store.read('compute', machine)).toEqual(before)
})

test('stopped, it keeps its size too; starting and stopping is accepted as anywhere', async () => {
  const [changed] = await site.first.operations.setPower(ann, { ids: [machine], to: 'off', already: 'accept' })
  expect(changed?.record.wish.power).toBe('off')
  await site.observe(machine, ({ seen }) => ({
    seen: { ...seen, machine: seen.machine && { ...seen.machine, domain: 'off' }, stoppedAt: site.clock.now() },
  }))
  const refusal = await site.first.operations
    .resizeCompute(ann, { id: machine, type: 't2.large' })
    .catch((thrown: Fault) => thrown)
  expect(refusal).toMatchObject({ kind: 'unsupported' })
  const [started] = await site.first.operations.setPower(ann, { ids: [machine], to: 'on', already: 'accept' })
  expect(started?.record.wish.power).toBe('on')
})
