/** Interfaces of machines that are there, over a real store: wishes, leases, MAC addresses, what is refused before anything changes. */
import type { ComputeId, NetworkId, SecurityGroupId } from '../../../../src/model/ids'
import type { ComputeRecord } from '../../../../src/model/records'
import type { Caller } from '../../../../src/operations/context'
import type { ConnectOrder } from '../../../../src/operations/interfaces/operations'
import { type Gateways, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
let bob: Caller
let back: NetworkId
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
  bob = (await site.project('bob')).caller
  back = (await site.first.operations.createNetwork(ann, { cidr: '10.9.0.0/24', gateway: '10.9.0.1' })).id
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

async function machine(caller = ann): Promise<ComputeId> {
  const { computes } = await site.first.operations.runComputes(caller, { minCount: 1, maxCount: 1 })
  return computes[0]?.id as ComputeId
}
const connect = (compute: ComputeId, order: Omit<ConnectOrder, 'compute'> = { network: back }, caller = ann) =>
  site.first.operations.connectInterface(caller, { compute, ...order })
const stored = async (id: ComputeId) => (await site.store.read('compute', id)) as ComputeRecord

test('linked: the wish names it, address and MAC are taken, machine and groups are told, another gateway shows it', async () => {
  const id = await machine()
  site.first.told.length = 0
  const { made } = await connect(id)
  expect(made).toMatchObject({ device: 'eth1', network: back, groups: [ann.project] })
  expect((await stored(id)).wish.interfaces).toHaveLength(2)
  expect(await site.store.resolve(`leases:${back}`, [made.address ?? ''])).toEqual([`compute:${id}`])
  expect(await site.store.resolve('macs', [made.mac])).toEqual([`compute:${id}`])
  expect(site.first.told).toEqual(
    expect.arrayContaining([
      { kind: 'compute', id },
      { kind: 'securitygroup', id: ann.project },
    ]),
  )
  expect((await site.second.operations.getCompute(ann, id)).wish.interfaces[1]).toEqual(made)
})

test('unlinked: no longer wished, and what it was leased stays taken until the worker saw it gone', async () => {
  const id = await machine()
  const { made } = await connect(id, { network: back, address: '10.9.0.77' })
  const left = await site.second.operations.disconnectInterface(ann, { compute: id, name: made.name })
  expect(left.wish.interfaces).toHaveLength(1)
  expect((await stored(id)).wish.leaving).toMatchObject([{ name: made.name }])
  const again = { network: back, address: '10.9.0.77' }
  await expect(connect(await machine(), again)).rejects.toMatchObject({ kind: 'in-use', detail: { field: 'address' } })
  await expect(site.first.operations.deleteNetworks(ann, { ids: [back] })).rejects.toMatchObject({ kind: 'in-use' })
  // As the worker would.
  const claim = await site.store.claim('compute', id, 1)
  if (!claim) throw new Error('no machine')
  const releases = [{ hash: `leases:${back}`, field: '10.9.0.77' }]
  await site.store.observe(claim, { seen: { ...claim.record.seen, freed: [made.name] }, releases, what: 'x' }, 1)
  const other = await connect(id, again)
  expect(other.made).toMatchObject({ address: '10.9.0.77', allocation: 'static', device: 'eth1' })
  expect((await stored(id)).wish.leaving).toBeUndefined()
  await expect(site.first.operations.disconnectInterface(ann, { compute: id, name: made.name })).rejects.toMatchObject({
    kind: 'not-found',
  })
})

const bobs = '99999999-0000-4000-8000-000000000001'

test.each<[string, Omit<ConnectOrder, 'compute'>, object]>([
  ['a network that nobody has', { network: bobs as NetworkId }, { kind: 'not-found' }],
  ['an address outside', { network: 'back' as NetworkId, address: '10.1.0.1' }, { kind: 'invalid' }],
  ['the gateway', { network: 'back' as NetworkId, address: '10.9.0.1' }, { kind: 'invalid' }],
  ['a MAC address of a group', { network: 'back' as NetworkId, mac: '01:00:5e:00:00:01' }, { kind: 'invalid' }],
])('refused with nothing changed: %s', async (_name, order, fault) => {
  const id = await machine()
  const network = order.network === 'back' ? back : order.network
  await expect(connect(id, { ...order, ...(network ? { network } : {}) })).rejects.toMatchObject(fault)
  expect((await stored(id)).generation).toBe(1)
})

test("another project's machine does not exist, nor does its network", async () => {
  const [mine, theirs] = [await machine(), await machine(bob)]
  await expect(connect(theirs)).rejects.toMatchObject({ kind: 'not-found' })
  await expect(connect(theirs, { network: back }, bob)).rejects.toMatchObject({ kind: 'not-found' })
  const order = { compute: mine, name: (await stored(mine)).wish.interfaces[0]?.name ?? '' }
  await expect(site.first.operations.disconnectInterface(bob, order)).rejects.toMatchObject({ kind: 'not-found' })
})

test('a machine has so many and no more', async () => {
  const id = await machine()
  for (let count = 1; count < 8; count++) await connect(id)
  await expect(connect(id)).rejects.toMatchObject({ kind: 'too-large', detail: { field: 'interfaces' } })
})

test('a host that cannot is named by what it lacks, and a stopped machine needs it not', async () => {
  const id = await machine()
  await site.run(id)
  const record = await stored(id)
  const host = record.place.host ?? ''
  const lacks = [{ verb: 'attach-network', because: 'its bridge is fixed' }]
  const claim = await site.store.claim('host', host, 1)
  if (!claim) throw new Error('no host')
  const capabilities = { lacks }
  await site.store.observe(claim, { seen: { ...claim.record.seen, capabilities }, what: 'x' }, 1)
  await expect(connect(id)).rejects.toMatchObject({ kind: 'unsupported', message: expect.stringContaining('fixed') })
  expect((await stored(id)).wish.interfaces).toHaveLength(1)
  await site.first.operations.setPower(ann, { ids: [id], to: 'off', how: 'hard', already: 'accept' })
  await site.observe(id, ({ seen }) => ({
    seen: { ...seen, machine: seen.machine && { ...seen.machine, domain: 'off' }, stoppedAt: 1 },
  }))
  await connect(id)
  expect((await stored(id)).wish.interfaces).toHaveLength(2)
})

test('a suspended machine is refused: its memory knows the devices that it had', async () => {
  const id = await machine()
  await site.run(id)
  await site.first.operations.setPower(ann, { ids: [id], to: 'suspended', how: 'graceful', already: 'accept' })
  await site.observe(id, ({ seen }) => ({
    seen: { ...seen, machine: seen.machine && { ...seen.machine, domain: 'saved' } },
  }))
  await expect(connect(id)).rejects.toMatchObject({ kind: 'state', message: expect.stringContaining('suspended') })
  const [first] = (await stored(id)).wish.interfaces
  const order = { compute: id, name: first?.name ?? '' }
  await expect(site.first.operations.disconnectInterface(ann, order)).rejects.toMatchObject({ kind: 'state' })
})

test('two gateways at once: one address is one machine’s', async () => {
  const [one, two] = [await machine(), await machine()]
  const asked = { network: back, address: '10.9.0.200' }
  const race = await Promise.allSettled([
    site.first.operations.connectInterface(ann, { compute: one, ...asked }),
    site.second.operations.connectInterface(ann, { compute: two, ...asked }),
  ])
  expect(race.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(race.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { kind: 'in-use' } })
})

/** A machine that had these groups, without an interface. */
async function unlinked(...groups: readonly SecurityGroupId[]): Promise<ComputeId> {
  const { operations } = site.first
  const { computes } = await operations.runComputes(ann, { minCount: 1, maxCount: 1, groups })
  const [one] = computes
  if (!one) throw new Error('no machine')
  await operations.disconnectInterface(ann, { compute: one.id, name: one.wish.interfaces[0]?.name ?? '' })
  return one.id
}
const group = async (name: string) =>
  (await site.first.operations.createGroup(ann, { name, description: `of ${name}` })).id

test('unlinked from everything and linked anew, a machine keeps its security groups', async () => {
  const db = await group('db')
  expect((await connect(await unlinked(db))).made.groups).toEqual([db])
})

test('of those that were deleted meanwhile it has the others, or `default`', async () => {
  const [web, shop] = [await group('web'), await group('shop')]
  const [both, one] = [await unlinked(web, shop), await unlinked(web)]
  await site.first.operations.deleteGroups(ann, { ids: [web] })
  expect((await connect(both)).made.groups).toEqual([shop])
  expect((await connect(one)).made.groups).toEqual([ann.project])
})

test('while it has no interface its groups cannot be set: they would be others once it is linked', async () => {
  const [open, closed] = [await group('open'), await group('closed')]
  const id = await unlinked(open)
  const before = await stored(id)
  for (const how of ['exactly', 'add'] as const)
    await expect(site.first.operations.setGroups(ann, { id, groups: [closed], how })).rejects.toMatchObject({
      ...{ kind: 'state', message: expect.stringContaining('connect it first'), detail: { subject: { id } } },
    })
  expect(await stored(id)).toEqual(before)
  await connect(id)
  await site.first.operations.setGroups(ann, { id, groups: [closed] })
  expect((await stored(id)).wish.interfaces.map(({ groups }) => groups)).toEqual([[closed]])
})
