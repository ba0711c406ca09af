import { fault } from '../../../src/faults'
import { seedSimulatedPool } from '../../../src/operations'
import type { Operations } from '../../../src/operations/operations'
import { type Gateways, OPERATOR, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let site: Gateways
let operations: Operations
let other: Operations

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(async () => {
  await redis.stop()
})
beforeEach(async () => {
  site = await startGateways(redis)
  operations = site.first.operations
  other = site.second.operations
})
afterEach(async () => {
  await site.close()
})

const one = { minCount: 1, maxCount: 1 }

describe('the simulated pool', () => {
  it('is seeded once, however often and from wherever', async () => {
    await Promise.all([site.first, site.second, site.first].map(({ context }) => seedSimulatedPool(context)))
    const count = async () =>
      Promise.all(
        (['host', 'type', 'image', 'network'] as const).map(async (kind) => (await site.store.readAll(kind)).length),
      )
    expect(await count()).toEqual([8, 15, 2, 1])
    await operations.removeHost(OPERATOR, 'sim-3')
    await seedSimulatedPool(site.second.context)
    expect(await count()).toEqual([7, 15, 2, 1])
  })

  it('offers AWS’s names and sizes, two images, and names that are the same everywhere', async () => {
    const { caller } = await site.project('ann')
    const sizes = Object.fromEntries(
      (await other.listTypes(caller)).map(({ wish }) => [wish.name, [wish.size.cores, wish.size.memoryMiB]]),
    )
    expect(sizes).toMatchObject({
      't2.nano': [1, 512],
      't2.micro': [1, 1024],
      't2.small': [1, 2048],
      't2.medium': [2, 4096],
      't3.nano': [2, 512],
      't3.micro': [2, 1024],
      't3.small': [2, 2048],
      'm1.small': [1, 1740],
      'm5.large': [2, 8192],
    })
    const images = await other.listImages(caller)
    expect(images.map(({ wish }) => [wish.name, wish.sizeGiB, wish.rootDevice, wish.simulated])).toEqual([
      ['debian-12', 8, '/dev/sda1', true],
      ['tiny', 1, '/dev/sda1', true],
    ])
    const fresh = await startGateways(redis)
    await fresh.first.operations.listImages(OPERATOR)
    const { image, type, network } = fresh.first.operations.defaults()
    expect(image?.wish.ami).toBe(images[0]?.wish.ami)
    expect(image?.wish.ami).toMatch(/^ami-[0-9a-f]{17}$/)
    expect(type?.wish).toMatchObject({ name: 't2.nano', term: 't2_nano' })
    expect(network?.wish).toMatchObject({ cidr: '10.0.0.0/16', gateway: '10.0.0.1' })
    expect(await other.listNetworks(caller)).toHaveLength(1)
    await fresh.close()
  })
})

describe('without Redis', () => {
  it('a wish is refused as unavailable, never half done', async () => {
    const { caller } = await site.project('ann')
    const cut = await site.another((store) => ({
      ...store,
      advance: async () => {
        throw fault('unavailable', 'the store does not answer')
      },
    }))
    await expect(cut.operations.runComputes(caller, one)).rejects.toMatchObject({ kind: 'unavailable' })
    expect(await operations.listComputes(caller)).toEqual([])
  })
})
