/** No address of a network and no MAC address of the site is ever given twice, whoever races. */
import type { ComputeRecord } from '../../../src/model/records'
import type { Caller } from '../../../src/operations/context'
import * as draw from '../../../src/operations/draw'
import { type Gateways, OPERATOR, startGateways, type TestGateway } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'
import { runEach } from '../../support/run-each'

jest.mock('../../../src/operations/draw', () => ({
  __esModule: true,
  ...jest.requireActual('../../../src/operations/draw'),
}))

let redis: TestRedis
let site: Gateways
let ann: Caller
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startGateways(redis, { pool: 'none' })
  ann = (await site.project('ann')).caller
  const { operations, context } = site.first
  await operations.addType(OPERATOR, { name: 'one', cores: 1, memoryMiB: 64 })
  await operations.addHost(OPERATOR, { name: 'sim-1', zone: 'a', driver: 'simulator', address: 'simulator:sim-1' })
  await context.store.change(
    {
      operationId: 'image',
      actor: OPERATOR.actor,
      what: 'add-image',
      creates: [
        {
          ref: { kind: 'image', id: 'cccccccc-0000-4000-8000-000000000001' },
          project: null,
          wish: { exists: true, name: 'tiny', ami: 'ami-1', sizeGiB: 1, rootDevice: '/dev/sda1', tags: {} },
          seen: { state: 'available' },
          journal: null,
          place: null,
          wake: false,
        },
      ],
    },
    0,
  )
})
afterEach(() => {
  jest.restoreAllMocks()
  return site.close()
})

const addNetwork = (cidr: string) =>
  site.first.operations.addNetwork(OPERATOR, {
    name: 'lan',
    cidr,
    gateway: cidr.replace(/\.0\/.*/, '.1'),
    bridge: 'br0',
  })
const run = async ({ operations }: TestGateway, count = 1): Promise<readonly ComputeRecord[]> =>
  (await operations.runComputes(ann, { minCount: count, maxCount: count })).computes
const addresses = (machines: readonly ComputeRecord[]) =>
  machines.flatMap(({ wish }) => wish.interfaces.map(({ address }) => address))
const macs = (machines: readonly ComputeRecord[]) =>
  machines.flatMap(({ wish }) => wish.interfaces.map(({ mac }) => mac))

test('four gateways that race for a small network give each address once, then say that it is full', async () => {
  await addNetwork('10.9.0.0/27')
  const gateways = [site.first, site.second, await site.another(), await site.another()]
  const orders = Array.from({ length: 40 }, (_, index) => run(gateways[index % 4] ?? site.first))
  const results = await Promise.allSettled(orders)
  const made = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  for (const reason of refused) expect(['no-capacity', 'conflict']).toContain(reason.kind)
  expect(new Set(addresses(made)).size).toBe(made.length)
  // A fight may have given up; alone, the rest is had, and no more.
  const rest: ComputeRecord[] = []
  for (let left = 29 - made.length; left > 0; left -= 1) rest.push(...(await run(site.first)))
  const all = [...made, ...rest]
  expect(new Set(addresses(all)).size).toBe(29)
  expect(new Set(macs(all)).size).toBe(29)
  await expect(run(site.second)).rejects.toMatchObject({ kind: 'no-capacity', detail: { reason: 'addresses' } })
})

test('what a machine gave back is had again, by one', async () => {
  const network = await addNetwork('10.9.0.0/29')
  const [gone] = await run(site.first, 5)
  const [address] = addresses(gone ? [gone] : [])
  await site.store.change(
    {
      operationId: 'release',
      actor: OPERATOR.actor,
      what: 'release',
      releases: [{ hash: `leases:${network.id}`, field: address ?? '' }],
    },
    0,
  )
  const results = await Promise.allSettled([run(site.first), run(site.second)])
  const made = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
  expect(addresses(made)).toEqual([address])
})

test('a MAC address that is drawn a second time is drawn again', async () => {
  await addNetwork('10.9.0.0/24')
  const drawn = ['02:00:00:00:00:01', '02:00:00:00:00:01', '02:00:00:00:00:01', '02:00:00:00:00:02']
  const real = draw.drawMac
  jest.spyOn(draw, 'drawMac').mockImplementation(() => drawn.shift() ?? real())
  const [first] = await run(site.first)
  const [second] = await run(site.second)
  expect(macs(first ? [first] : [])).toEqual(['02:00:00:00:00:01'])
  expect(macs(second ? [second] : [])).toEqual(['02:00:00:00:00:02'])
  expect(drawn).toEqual([])
})

test('orders of several machines each take theirs too', async () => {
  await addNetwork('10.9.0.0/24')
  const real = draw.drawMac
  const drawn = ['02:00:00:00:00:07', '02:00:00:00:00:07']
  jest.spyOn(draw, 'drawMac').mockImplementation(() => drawn.shift() ?? real())
  const made = await runEach(site.first.operations, ann, [{}, {}])
  expect(new Set(macs(made)).size).toBe(2)
  expect(new Set(addresses(made)).size).toBe(2)
})
