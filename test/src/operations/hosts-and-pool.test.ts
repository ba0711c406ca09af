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

describe('hosts', () => {
  const real = { name: 'xen-1', zone: 'rack-1', driver: 'xl', address: 'xen-1.example.com' }

  it('are the pool’s, by name, with what is claimed on them', async () => {
    const { caller } = await site.project('ann')
    const { computes } = await operations.runComputes(caller, { ...one, type: 't2.small' })
    for (const { id } of computes) await site.run(id)
    const hosts = await other.listHosts(OPERATOR)
    expect(hosts.map(({ wish }) => `${wish.name} ${wish.zone}`)).toEqual(
      ['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd'].map((zone, index) => `sim-${index + 1} ${site.site}${zone}`),
    )
    expect(hosts[0]?.used).toEqual({ machines: 1, cpuHundredths: 100, memoryMiB: 2048, diskGiB: 8 })
    expect(hosts[1]?.used).toEqual({ machines: 0, cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 })
    expect(hosts[0]?.wish).toMatchObject({ driver: 'simulator', address: 'simulator:sim-1', simulated: true })
  })

  it('zones are theirs: disabled with all of their hosts, gone with the last one', async () => {
    const { caller } = await site.project('ann')
    const zone = `${site.site}a`
    for (const name of ['sim-1', 'sim-5']) await operations.setHostEnabled(OPERATOR, name, false)
    expect((await other.listZones(caller))[0]).toEqual({ name: zone, enabled: false, hosts: 2 })
    await expect(operations.runComputes(caller, { ...one, zone })).rejects.toMatchObject({ kind: 'no-capacity' })
    for (const name of ['sim-1', 'sim-5']) await operations.removeHost(OPERATOR, name)
    expect((await other.listZones(caller)).map(({ name }) => name)).not.toContain(zone)
    await expect(other.runComputes(caller, { ...one, zone })).rejects.toMatchObject({
      kind: 'invalid',
      detail: { field: 'zone', allowed: ['b', 'c', 'd'].map((it) => `${site.site}${it}`) },
    })
  })

  it('are not removed while machines have their place there', async () => {
    const { caller } = await site.project('ann')
    const { computes } = await operations.runComputes(caller, one)
    for (const { id } of computes) await site.run(id)
    await expect(other.removeHost(OPERATOR, 'sim-1')).rejects.toMatchObject({ kind: 'in-use' })
    await other.removeHost(OPERATOR, 'sim-2')
    await expect(other.removeHost(OPERATOR, 'sim-2')).rejects.toMatchObject({ kind: 'not-found' })
    expect((await other.addHost(OPERATOR, { ...real, name: 'sim-2', driver: 'simulator' })).wish.simulated).toBe(true)
  })

  it('real and simulated ones never take orders together', async () => {
    await expect(operations.addHost(OPERATOR, real)).rejects.toMatchObject({
      kind: 'conflict',
      detail: { field: 'retireSimulated' },
    })
    const { caller } = await site.project('ann')
    const { computes } = await operations.runComputes(caller, one)
    for (const { id } of computes) await site.run(id)
    const added = await other.addHost(OPERATOR, { ...real, retireSimulated: true })
    expect(added.wish).toMatchObject({ simulated: false, enabled: true })
    const hosts = await operations.listHosts(OPERATOR)
    expect(hosts.map(({ wish }) => [wish.name, wish.enabled, wish.removing])).toEqual([
      ['sim-1', false, true],
      ['xen-1', true, false],
    ])
    expect((await operations.listZones(caller)).map(({ name }) => name)).toEqual(['rack-1'])
    await expect(operations.setHostEnabled(OPERATOR, 'sim-1', true)).rejects.toMatchObject({ kind: 'conflict' })
    await expect(
      operations.addHost(OPERATOR, { ...real, name: 'sim-9', driver: 'simulator', retireSimulated: true }),
    ).rejects.toMatchObject({ kind: 'conflict' })
    expect((await operations.addHost(OPERATOR, { ...real, name: 'xen-2' })).wish.name).toBe('xen-2')
  })

  it('are probed at once', async () => {
    site.first.told.length = 0
    const { id } = await operations.addHost(OPERATOR, { ...real, name: 'sim-9', driver: 'simulator' })
    expect(site.first.told).toEqual([{ kind: 'host', id }])
  })

  it.each([
    ['name', { name: 'a b' }],
    ['zone', { zone: 'A!' }],
    ['driver', { driver: '../x' }],
    ['address', { address: '' }],
  ])('want a usable %s', async (field, parts) => {
    await expect(operations.addHost(OPERATOR, { ...real, ...parts })).rejects.toMatchObject({
      kind: 'invalid',
      detail: { field },
    })
  })
})

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
