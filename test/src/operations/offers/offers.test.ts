/** Types and networks as operators make and remove them, on a site that has nothing else. */
import type { ComputeRecord } from '../../../../src/model/records'
import type { Caller, Operator } from '../../../../src/operations/context'
import type { NetworkOrder, TypeOrder } from '../../../../src/operations/offers/operations'
import type { Store } from '../../../../src/store/store'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
})
afterEach(() => site.close())

const operations = () => site.first.operations
const order = async (type?: string): Promise<ComputeRecord> => {
  const { computes } = await operations().runComputes(ann, { minCount: 1, maxCount: 1, ...(type ? { type } : {}) })
  if (!computes[0]) throw new Error('no machine')
  return computes[0]
}
const gone = ({ id }: ComputeRecord) => site.observe(id, ({ seen }) => ({ seen: { ...seen, goneAt: 1 } }))
const large: TypeOrder = { name: 'big.one', cores: 8, memoryMiB: 4096, diskGiB: 40 }
const lan: NetworkOrder = {
  name: 'lan',
  cidr: '192.168.4.0/24',
  gateway: '192.168.4.1',
  bridge: 'xenbr0',
  dns: ['9.9.9.9'],
}

describe('a type', () => {
  it('is had at once at every gateway, with its disk as the least that a root disk has', async () => {
    const type = await operations().addType(OPERATOR, large)
    expect(type.wish).toMatchObject({ name: 'big.one', term: 'big_one', title: 'big.one: 8 cores, 4096 MiB' })
    expect((await site.second.operations.listTypes(OPERATOR)).map(({ wish }) => wish.name)).toContain('big.one')
    const { computes } = await site.second.operations.runComputes(ann, { minCount: 1, maxCount: 1, type: 'big.one' })
    expect(computes[0]?.wish).toMatchObject({
      size: { type: 'big.one', cores: 8, cpuHundredths: 800, memoryMiB: 4096, diskGiB: 40 },
      disks: [{ sizeGiB: 40 }],
    })
    const own = await operations().runComputes(ann, { minCount: 1, maxCount: 1, type: 'big.one', rootGiB: 9 })
    expect(own.computes[0]?.wish.size.diskGiB).toBe(9)
  })

  it('may have less than its cores for itself', async () => {
    const { wish } = await operations().addType(OPERATOR, { ...large, name: 'small.part', cpuPercent: 25 })
    expect(wish.size).toMatchObject({ cores: 8, cpuHundredths: 200 })
  })

  it.each<[string, Partial<TypeOrder>]>([
    ['name', { name: 'Big One' }],
    ['name', { name: 'a_b' }],
    ['name', { name: '.x' }],
    ['cores', { cores: 0 }],
    ['cores', { cores: 1.5 }],
    ['cpuPercent', { cpuPercent: 0 }],
    ['cpuPercent', { cpuPercent: 101 }],
    ['memoryMiB', { memoryMiB: 0 }],
    ['diskGiB', { diskGiB: -1 }],
    ['title', { title: 'x'.repeat(256) }],
  ])('is refused for its %s: %j', async (field, wrong) => {
    await expect(operations().addType(OPERATOR, { ...large, ...wrong })).rejects.toMatchObject({
      kind: 'invalid',
      detail: { field },
    })
  })

  it('is there once, however many add it', async () => {
    const adding = [operations(), site.second.operations].map((gateway) => gateway.addType(OPERATOR, large))
    const results = await Promise.allSettled(adding)
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(operations().addType(OPERATOR, large)).rejects.toMatchObject({ kind: 'exists' })
  })

  it('stays while machines are of it, and names them', async () => {
    await operations().addType(OPERATOR, large)
    const machine = await order('big.one')
    expect(await operations().showType(OPERATOR, 'big.one')).toMatchObject({ machines: 1 })
    await expect(operations().removeType(OPERATOR, 'big.one')).rejects.toMatchObject({
      kind: 'in-use',
      message: expect.stringContaining(machine.wish.name),
    })
    await gone(machine)
    await operations().removeType(OPERATOR, 'big.one')
    await expect(order('big.one')).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'type' } })
    await expect(operations().removeType(OPERATOR, 'big.one')).rejects.toMatchObject({ kind: 'not-found' })
    await operations().addType(OPERATOR, large)
  })
})

describe('a network', () => {
  it('has what was ordered, an EC2 name, and is shown everywhere', async () => {
    site.clock.at += 1
    const made = await operations().addNetwork(OPERATOR, {
      ...lan,
      vlan: 12,
      range: { first: '192.168.4.9', last: '192.168.4.20' },
    })
    expect(made.wish).toEqual({
      exists: true,
      name: 'lan',
      subnet: expect.stringMatching(/^subnet-[0-9a-f]{17}$/),
      title: 'lan',
      cidr: '192.168.4.0/24',
      gateway: '192.168.4.1',
      bridge: 'xenbr0',
      vlan: 12,
      dns: ['9.9.9.9'],
      range: { first: '192.168.4.9', last: '192.168.4.20' },
      tags: {},
      createdAt: site.clock.now(),
    })
    const names = async (who: Caller | Operator) =>
      (await site.second.operations.listNetworks(who)).map(({ wish }) => wish.name).toSorted()
    expect(await names(OPERATOR)).toEqual(['default', 'lan', 'public'])
    // Tenants connect machines to networks; of a public one they lease addresses.
    expect(await names(ann)).toEqual(['default', 'lan'])
    expect(await site.second.operations.showNetwork(OPERATOR, 'lan')).toMatchObject({ id: made.id, machines: 0 })
  })

  it.each<[string, Partial<NetworkOrder>]>([
    ['name', { name: 'a b' }],
    ['bridge', { bridge: 'x'.repeat(16) }],
    ['bridge', { bridge: '../br0' }],
    ['bridge', { bridge: '-br0' }],
    ['vlan', { vlan: 0 }],
    ['vlan', { vlan: 4095 }],
    ['vlan', { vlan: 1.5 }],
    ['cidr', { cidr: '192.168.4.7/24' }],
    ['cidr', { cidr: '192.168.4.0/31' }],
    ['cidr', { cidr: 'fe80::/64' }],
    ['gateway', { gateway: '192.168.5.1' }],
    ['gateway', { gateway: '192.168.4.255' }],
    ['gateway', { gateway: 'door' }],
    ['dns', { dns: ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4'] }],
    ['dns', { dns: ['dns.example.org'] }],
    ['range.first', { range: { first: '10.0.0.1', last: '192.168.4.9' } }],
    ['range.last', { range: { first: '192.168.4.9', last: '192.168.4.255' } }],
    ['range', { range: { first: '192.168.4.9', last: '192.168.4.8' } }],
    ['range', { range: { first: '192.168.4.1', last: '192.168.4.1' } }],
    ['title', { title: 'x'.repeat(256) }],
  ])('is refused for its %s: %j', async (field, wrong) => {
    await expect(operations().addNetwork(OPERATOR, { ...lan, ...wrong })).rejects.toMatchObject({
      kind: 'invalid',
      detail: { field },
    })
  })

  it('may not overlap another one on the same wire', async () => {
    await operations().addNetwork(OPERATOR, lan)
    const within = { ...lan, name: 'other', cidr: '192.168.4.128/25', gateway: '192.168.4.129' }
    await expect(operations().addNetwork(OPERATOR, within)).rejects.toMatchObject({
      kind: 'conflict',
      detail: { field: 'cidr' },
      message: expect.stringContaining('lan'),
    })
    await operations().addNetwork(OPERATOR, { ...within, vlan: 5 })
    await expect(operations().addNetwork(OPERATOR, lan)).rejects.toMatchObject({ kind: 'exists' })
  })

  it('without a gateway leads nowhere', async () => {
    const { gateway: _none, ...alone } = lan
    expect((await operations().addNetwork(OPERATOR, alone)).wish.gateway).toBe('')
  })

  it('stays while machines are connected, and takes none once it is being removed', async () => {
    const machine = await order()
    await expect(operations().removeNetwork(OPERATOR, 'default')).rejects.toMatchObject({
      kind: 'in-use',
      message: expect.stringContaining(machine.wish.name),
    })
    expect((await order()).wish.interfaces).toHaveLength(1)
    await gone(machine)
    for (const other of await operations().listComputes(ann)) await gone(other)
    await operations().removeNetwork(OPERATOR, 'default')
    expect((await operations().listNetworks(OPERATOR)).map(({ wish }) => wish.name)).toEqual(['public'])
    await expect(order()).rejects.toMatchObject({ kind: 'unavailable' })
    expect(site.first.told).toContainEqual({ kind: 'network', id: machine.wish.interfaces[0]?.network })
  })

  it('that got a machine in the very moment of its removal is kept', async () => {
    let racing = true
    const late = await site.another((store: Store) => ({
      ...store,
      async change(change, now) {
        if (racing && change.what === 'remove-network') {
          racing = false
          await order()
        }
        return store.change(change, now)
      },
    }))
    await expect(late.operations.removeNetwork(OPERATOR, 'default')).rejects.toMatchObject({ kind: 'in-use' })
    expect((await operations().showNetwork(OPERATOR, 'default')).wish.exists).toBe(true)
    await order()
  })

  it('an order that was checked before its end is refused after it', async () => {
    const late = await site.another((store: Store) => {
      let once = true
      return {
        ...store,
        async change(change, now) {
          if (once && change.what === 'run-computes') {
            once = false
            await operations().removeNetwork(OPERATOR, 'default')
          }
          return store.change(change, now)
        },
      }
    })
    await expect(late.operations.runComputes(ann, { minCount: 1, maxCount: 1 })).rejects.toMatchObject({
      kind: 'unavailable',
    })
    expect(await operations().listComputes(ann)).toEqual([])
  })
})
