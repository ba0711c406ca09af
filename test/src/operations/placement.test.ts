/** Orders that say where their machines are to be: what is wrong is refused with its place, what nobody can ever meet at once. */
import type { PlacementWish } from '../../../src/model/placement'
import type { Caller } from '../../../src/operations/context'
import { type Gateways, OPERATOR, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
  await site.probeHosts({ cpuHundredths: 800, memoryMiB: 16_384, diskGiB: 100 })
  await site.first.operations.setHost(OPERATOR, 'sim-1', { labels: { rack: 'r1' } })
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const run = async (placement: PlacementWish, type?: string) => {
  const order = { minCount: 1, maxCount: 1, placement, ...(type === undefined ? {} : { type }) }
  const { computes } = await site.first.operations.runComputes(ann, order)
  return computes[0]?.wish.placement
}
const count = async () => (await site.first.operations.listComputes(ann)).length

test.each<[PlacementWish, string, string]>([
  [
    { requirements: 'RACK = r-1' },
    'placement.requirements',
    'requirements: line 1, column 9: expected & or |, found -1 (a text with a dash has to be in quotes)',
  ],
  [
    { requirements: 'A = 1 &\n& B = 1' },
    'placement.requirements',
    'requirements: line 2, column 1: expected the name of an attribute, found &',
  ],
  [
    { requirements: 'A >= 1', mode: 'opennebula' },
    'placement.requirements',
    'requirements: line 1, column 4: expected a number or a text, found =',
  ],
  [
    { rank: 'FREE_CPU -1' },
    'placement.rank',
    'rank: line 1, column 10: expected + - * or /, found -1 (to subtract, write "- 1")',
  ],
  [{ rank: '1', policy: 'packing' }, 'placement.policy', 'policy: either a rank or a policy can be given'],
  [
    { policy: 'stripes' },
    'placement.policy',
    'policy: packing, striping, load-aware, fixed, cost, or several with weights: packing=2,load-aware=1',
  ],
  [{ policy: 'packing=0' }, 'placement.policy', expect.stringContaining('weights') as never],
  [{ priority: 101 }, 'placement.priority', 'priority: a whole number from -100 to 100'],
  [{ priority: 0.5 }, 'placement.priority', 'priority: a whole number from -100 to 100'],
])('%p is refused and changes nothing', async (wish, field, message) => {
  const before = await count()
  await expect(run(wish)).rejects.toMatchObject({ kind: 'invalid', message, detail: { field } })
  expect(await count()).toBe(before)
})

test('requirements that no host meets are refused at once; what may change by itself is waited for', async () => {
  await expect(run({ requirements: 'RACK = "r9"' })).rejects.toMatchObject({
    kind: 'no-capacity',
    message: 'no host that is large enough meets the requirements RACK = "r9"',
    detail: { field: 'placement.requirements' },
  })
  expect(await run({ requirements: 'RACK = "r1"' })).toEqual({ own: { requirements: 'RACK = "r1"' } })
  expect(await run({ requirements: 'RUNNING_VMS > 500' })).toEqual({ own: { requirements: 'RUNNING_VMS > 500' } })
  expect(await run({ requirements: 'FREE_CPU > 99999' })).toEqual({ own: { requirements: 'FREE_CPU > 99999' } })
  expect(await run({ requirements: 'CURRENT_VMS = "i-1"' })).toEqual({ own: { requirements: 'CURRENT_VMS = "i-1"' } })
})

test('a type brings its own; both requirements hold', async () => {
  const size = { cores: 1, memoryMiB: 512 }
  const { operations } = site.first
  await operations.addType(OPERATOR, {
    name: 'r1.small',
    ...size,
    placement: { requirements: 'RACK = "r1"', policy: 'packing' },
  })
  expect(await run({ priority: 3 }, 'r1.small')).toEqual({
    own: { priority: 3 },
    type: { requirements: 'RACK = "r1"', policy: 'packing' },
  })
  await expect(run({ requirements: 'RACK != "r1"' }, 'r1.small')).rejects.toMatchObject({
    kind: 'no-capacity',
    message: expect.stringMatching(/RACK != "r1" and RACK = "r1"/),
  })
})

test('a type whose expressions are wrong is not made', async () => {
  const { operations } = site.first
  const order = { name: 'bad.small', cores: 1, memoryMiB: 512, placement: { rank: 'FREE_CPU +' } }
  await expect(operations.addType(OPERATOR, order)).rejects.toMatchObject({
    kind: 'invalid',
    message: 'rank: line 1, column 11: expected a number or the name of an attribute, found the end',
    detail: { field: 'rank' },
  })
  await expect(operations.showType(OPERATOR, 'bad.small')).rejects.toMatchObject({ kind: 'not-found' })
})
