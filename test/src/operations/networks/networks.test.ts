/** Networks of projects over a real store: what one gateway acknowledges the other shows; ranges, VLANs, labels, limits, all or nothing. */
import { fault } from '../../../../src/faults'
import type { NetworkId } from '../../../../src/model/ids'
import type { Caller } from '../../../../src/operations/context'
import { changeNetwork } from '../../../../src/operations/networks/change'
import { deleteNetworks } from '../../../../src/operations/networks/delete'
import type { CreateNetworkOrder } from '../../../../src/operations/networks/operations'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'
import { runEach } from '../../../support/run-each'

let redis: TestRedis
let site: Gateways
let ann: Caller
let bob: Caller
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startGateways(redis, { vlans: [{ bridge: 'br0', first: 100, last: 104 }] })
  ann = (await site.project('ann')).caller
  bob = (await site.project('bob')).caller
})
afterEach(() => site.close())

const make = (order: CreateNetworkOrder = {}, caller = ann) => site.first.operations.createNetwork(caller, order)
const stored = (id: NetworkId) => site.store.read('network', id)
const shown = async (caller = ann) => (await site.second.operations.listNetworks(caller)).map(({ id }) => id)
const machine = async (network: NetworkId, caller = ann, more: { address?: string; mac?: string } = {}) => {
  const order = { minCount: 1, maxCount: 1, interfaces: [{ network, ...more }] }
  const { computes } = await site.first.operations.runComputes(caller, order)
  const [record] = computes
  if (!record) throw new Error('no machine')
  return record
}

test('made: its project sees it, nobody else; it has a range, a VLAN of the pool, and is counted', async () => {
  site.first.told.length = 0
  const { id, wish } = await make({ title: 'back', cidr: '10.9.0.0/24', gateway: '10.9.0.1', label: 'back' })
  expect(wish).toMatchObject({ name: 'back', title: 'back', cidr: '10.9.0.0/24', gateway: '10.9.0.1', up: true })
  expect(wish.bridge).toBe('br0')
  expect(wish.vlan).toBeGreaterThanOrEqual(100)
  expect(site.first.told).toEqual([{ kind: 'network', id }])
  expect(await shown()).toContain(id)
  expect(await shown(bob)).not.toContain(id)
  expect((await site.first.operations.listNetworks(OPERATOR)).map((one) => one.id)).not.toContain(id)
  expect(await site.store.counters(ann.project)).toMatchObject({ networks: 1 })
  expect(await site.store.resolve('vlans', [`br0:${wish.vlan}`])).toEqual([`network:${id}`])
  await expect(site.second.operations.getNetwork(bob, id)).rejects.toMatchObject({ kind: 'not-found' })
  expect(await stored(id)).toMatchObject({ seen: { state: 'inactive' }, project: ann.project })
})

test('nothing said: a range that overlaps none of the project, each on a VLAN of its own', async () => {
  const made = [await make(), await make(), await make({}, bob)]
  expect(made.map(({ wish }) => wish.cidr)).toEqual(['192.168.0.0/24', '192.168.1.0/24', '192.168.0.0/24'])
  expect(new Set(made.map(({ wish }) => wish.vlan)).size).toBe(3)
})

test.each<[string, CreateNetworkOrder, string, string]>([
  ['no range', { cidr: 'fd00::/64' }, 'invalid', 'cidr'],
  ['a range that begins elsewhere', { cidr: '10.9.0.7/24' }, 'invalid', 'cidr'],
  ['a gateway outside', { cidr: '10.9.0.0/24', gateway: '10.8.0.1' }, 'invalid', 'gateway'],
  ['a gateway without a range', { gateway: '10.8.0.1' }, 'combination', 'gateway'],
  ['a range of the site', { cidr: '10.0.4.0/24' }, 'conflict', 'cidr'],
  ['a VLAN of the operator', { vlan: 7 }, 'forbidden', 'vlan'],
  ['half a VLAN', { vlan: 100.5 }, 'invalid', 'vlan'],
  ['a label with blanks', { label: 'a b' }, 'invalid', 'label'],
  ['a title too long', { title: 'x'.repeat(256) }, 'invalid', 'title'],
  ['no UUID', { id: 'mine' as NetworkId }, 'invalid', 'id'],
])('refused, naming the field: %s', async (_name, order, kind, field) => {
  await expect(make(order)).rejects.toMatchObject({ kind, detail: { field } })
  expect(await shown()).toHaveLength(1)
  expect((await site.store.counters(ann.project)).networks ?? 0).toBe(0)
})

test('a VLAN of the pool may be named while it is free', async () => {
  expect((await make({ vlan: 103 })).wish.vlan).toBe(103)
  await expect(make({ vlan: 103 }, bob)).rejects.toMatchObject({ kind: 'in-use', detail: { field: 'vlan' } })
})

test('the pool ends: then by name, and nothing is made', async () => {
  const all = await Promise.all(Array.from({ length: 5 }, () => make()))
  expect(new Set(all.map(({ wish }) => wish.vlan))).toEqual(new Set([100, 101, 102, 103, 104]))
  expect(new Set(all.map(({ wish }) => wish.cidr)).size).toBe(5)
  await expect(make({}, bob)).rejects.toMatchObject({ kind: 'no-capacity', detail: { field: 'vlan' } })
})

test('a site that gives no VLANs away refuses them by name', async () => {
  const bare = await startGateways(redis, { vlans: [] })
  const { caller } = await bare.project('carl')
  const refused = expect(bare.first.operations.createNetwork(caller, {})).rejects
  await refused.toMatchObject({ kind: 'unsupported', message: expect.stringContaining('tenantVlans') })
  await bare.close()
})

test('two gateways at once: never two networks with one range, one label or one wire', async () => {
  const race = await Promise.allSettled(
    [site.first, site.second, site.first, site.second].map(({ operations }) =>
      operations.createNetwork(ann, { cidr: '10.9.0.0/16' }),
    ),
  )
  expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const labels = await Promise.allSettled(
    [site.first, site.second].map(({ operations }) => operations.createNetwork(ann, { label: 'one' })),
  )
  expect(labels.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await site.store.counters(ann.project)).toMatchObject({ networks: 2 })
})

test('a label is taken once in a project; the path is the caller’s to choose, once', async () => {
  await make({ label: 'web' })
  await expect(make({ label: 'web' })).rejects.toMatchObject({ kind: 'exists', detail: { field: 'label' } })
  await make({ label: 'web' }, bob)
  const id = '12121212-0000-4000-8000-000000000001' as NetworkId
  expect((await make({ id })).id).toBe(id)
  await expect(make({ id })).rejects.toMatchObject({ kind: 'exists', detail: { field: 'id' } })
  await expect(make({ id }, bob)).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'id' } })
})

test('the project has a limit', async () => {
  const { caller } = await site.project('small', { instances: 1, cores: 1, memoryMiB: 1024, networks: 1 })
  await make({}, caller)
  await expect(make({}, caller)).rejects.toMatchObject({ kind: 'quota', detail: { field: 'networks' } })
})

test('machines are leased its addresses, the gateway left out; one that is asked for is honoured once', async () => {
  const { id } = await make({ cidr: '10.9.0.0/29', gateway: '10.9.0.1' })
  const asked = await machine(id, ann, { address: '10.9.0.4', mac: '02:aa:00:00:00:01' })
  expect(asked.wish.interfaces).toMatchObject([
    { network: id, address: '10.9.0.4', mac: '02:aa:00:00:00:01', allocation: 'static', device: 'eth0' },
  ])
  const given = [await machine(id), await machine(id), await machine(id), await machine(id)]
  const addresses = given.map(({ wish }) => wish.interfaces[0]?.address)
  expect([...addresses].sort()).toEqual(['10.9.0.2', '10.9.0.3', '10.9.0.5', '10.9.0.6'])
  await expect(machine(id)).rejects.toMatchObject({ kind: 'no-capacity' })
  const refused: [{ address?: string; mac?: string }, object][] = [
    [{ address: '10.9.0.4' }, { kind: 'in-use', detail: { field: 'address' } }],
    [{ address: '10.9.0.1' }, { kind: 'invalid', detail: { field: 'address' } }],
    [{ address: '10.9.1.1' }, { kind: 'invalid', detail: { field: 'address' } }],
    [{ address: '10.9.0.7' }, { kind: 'invalid', detail: { field: 'address' } }],
    [{ mac: '03:aa:00:00:00:01' }, { kind: 'invalid', detail: { field: 'mac' } }],
  ]
  for (const [more, fault] of refused) await expect(machine(id, ann, more)).rejects.toMatchObject(fault)
})

test('several interfaces, each on its network, in their order; a static network leases nothing by itself', async () => {
  const [back, fixed] = [await make({ cidr: '10.9.0.0/24' }), await make({ cidr: '10.8.0.0/24', allocation: 'static' })]
  const interfaces = [{ network: back.id }, {}, { network: fixed.id, address: '10.8.0.9' }]
  const { computes } = await site.first.operations.runComputes(ann, { minCount: 1, maxCount: 1, interfaces })
  expect(computes[0]?.wish.interfaces.map(({ device, network }) => [device, network === back.id])).toEqual([
    ['eth0', true],
    ['eth1', false],
    ['eth2', false],
  ])
  await expect(machine(fixed.id)).rejects.toMatchObject({ kind: 'missing', detail: { field: 'address' } })
  const twice = { minCount: 2, maxCount: 2, interfaces: [{ network: fixed.id, address: '10.8.0.8' }] }
  await expect(site.first.operations.runComputes(ann, twice)).rejects.toMatchObject({ kind: 'combination' })
  const each = await runEach(site.first.operations, ann, [{ interfaces: [{ network: back.id }] }, {}])
  expect(each.map(({ wish }) => wish.interfaces[0]?.network === back.id)).toEqual([true, false])
  const same = [{ interfaces: [{ network: fixed.id, address: '10.8.0.7' }] }]
  await expect(runEach(site.first.operations, ann, [...same, ...same])).rejects.toMatchObject({ kind: 'combination' })
})

test("another project's network does not exist for a machine", async () => {
  const { id } = await make()
  await expect(machine(id, bob)).rejects.toMatchObject({ kind: 'not-found' })
})

test('down and up: only while no machine is on it; nobody is put on one that is down', async () => {
  const { id } = await make()
  const { operations } = site.second
  const used = await machine(id)
  const inUse = { kind: 'in-use', message: expect.stringContaining(used.wish.name) }
  await expect(operations.changeNetwork(ann, { network: id, up: false })).rejects.toMatchObject(inUse)
  await expect(operations.deleteNetworks(ann, { ids: [id] })).rejects.toMatchObject(inUse)
  const other = await make()
  expect((await operations.changeNetwork(ann, { network: other.id, up: false })).wish.up).toBe(false)
  await expect(machine(other.id)).rejects.toMatchObject({ kind: 'state', detail: { allowed: ['up'] } })
  expect((await operations.changeNetwork(ann, { network: other.id, up: true })).wish.up).toBe(true)
  await machine(other.id)
})

test('changed: texts at any time, the range while no machine is on it, the label once', async () => {
  const [one, two] = [await make({ label: 'one', cidr: '10.9.0.0/24' }), await make({ label: 'two' })]
  const { operations } = site.second
  const changed = await operations.changeNetwork(ann, {
    network: one.id,
    title: 'x',
    label: 'uno',
    cidr: '10.7.0.0/24',
  })
  expect(changed.wish).toMatchObject({ title: 'x', label: 'uno', name: 'uno', cidr: '10.7.0.0/24' })
  const again = { network: two.id, label: 'uno' }
  await expect(operations.changeNetwork(ann, again)).rejects.toMatchObject({ kind: 'exists' })
  await operations.changeNetwork(ann, { network: two.id, label: 'one' })
  const overlapping = { network: two.id, cidr: '10.7.0.128/25' }
  await expect(operations.changeNetwork(ann, overlapping)).rejects.toMatchObject({ kind: 'conflict' })
  await machine(one.id)
  const moved = { network: one.id, cidr: '10.6.0.0/24' }
  await expect(operations.changeNetwork(ann, moved)).rejects.toMatchObject({ kind: 'in-use' })
  await operations.changeNetwork(ann, { network: one.id, title: null, label: null, summary: 's' })
  expect(await stored(one.id)).toMatchObject({ wish: { title: '', name: one.wish.subnet, summary: 's' } })
})

test("the operator's networks are not a project's to change", async () => {
  const [first] = await site.first.operations.listNetworks(ann)
  const id = first?.id as NetworkId
  const { operations } = site.first
  await expect(operations.deleteNetworks(ann, { ids: [id] })).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(operations.changeNetwork(ann, { network: id, title: 'x' })).rejects.toMatchObject({ kind: 'forbidden' })
})

test('an operator cannot name a wire that projects are given', async () => {
  const order = { name: 'mine', cidr: '10.30.0.0/16', bridge: 'br0', vlan: 102 }
  await expect(site.first.operations.addNetwork(OPERATOR, order)).rejects.toMatchObject({
    kind: 'conflict',
    detail: { field: 'vlan' },
  })
  await site.first.operations.addNetwork(OPERATOR, { ...order, bridge: 'br1' })
})

test('deleted: all or nothing, in no listing at once, its names free when the worker is through', async () => {
  const [one, two] = [await make({ label: 'one' }), await make()]
  const { operations } = site.second
  await machine(two.id)
  await expect(operations.deleteNetworks(ann, { ids: [one.id, two.id] })).rejects.toMatchObject({ kind: 'in-use' })
  expect(await shown()).toContain(one.id)
  await operations.deleteNetworks(ann, { ids: [one.id] })
  expect(await shown()).not.toContain(one.id)
  await expect(operations.deleteNetworks(ann, { ids: [one.id] })).rejects.toMatchObject({ kind: 'not-found' })
  await expect(make({ id: one.id })).rejects.toMatchObject({ kind: 'conflict' })
  await expect(make({ label: 'one' })).rejects.toMatchObject({ kind: 'conflict' })
  await expect(machine(one.id)).rejects.toMatchObject({ kind: 'not-found' })
})

test('a machine that is ordered while its network is deleted: one of the two is refused', async () => {
  for (let round = 0; round < 4; round++) {
    const { id } = await make()
    const [ordered, deleted] = await Promise.allSettled([
      machine(id),
      site.second.operations.deleteNetworks(ann, { ids: [id] }),
    ])
    const exists = (await stored(id))?.wish.exists
    expect(exists).toBe(ordered.status === 'fulfilled')
    expect(deleted.status).toBe(exists ? 'rejected' : 'fulfilled')
  }
})

test('a dry run changes nothing', async () => {
  await make({ dryRun: true })
  const { id } = await make()
  await site.first.operations.changeNetwork(ann, { network: id, up: false, dryRun: true })
  await site.first.operations.deleteNetworks(ann, { ids: [id], dryRun: true })
  expect(await stored(id)).toMatchObject({ generation: 1, wish: { exists: true, up: true } })
  expect(await site.store.counters(ann.project)).toMatchObject({ networks: 1 })
})

test('a project that is purged loses its networks first', async () => {
  const { id } = await make({}, bob)
  expect(await site.first.operations.purgeProject(OPERATOR, 'bob')).toEqual({ left: 1, done: false })
  expect((await stored(id))?.wish.exists).toBe(false)
})

describe('once the wish is written nothing is looked at again: what came in between has it decided anew', () => {
  /** A gateway whose mirror cannot be brought up to date any more once it has written. */
  function cutOff() {
    const { context } = site.first
    let written = false
    const store = {
      ...context.store,
      change: async (...words: Parameters<typeof context.store.change>) => {
        const came = await context.store.change(...words)
        written = true
        return came
      },
    }
    const fresh: typeof context.mirror.fresh = async (...projects) => {
      if (written) throw fault('unavailable', 'Redis is away')
      return context.mirror.fresh(...projects)
    }
    const mirror = new Proxy(context.mirror, {
      get: (target, name) => (name === 'fresh' ? fresh : Reflect.get(target, name, target)),
    })
    return { ...context, store, mirror }
  }

  test('of a deletion', async () => {
    const { id } = await make()
    await deleteNetworks(cutOff(), ann, { ids: [id] })
    expect((await stored(id))?.wish.exists).toBe(false)
  })

  test('of a change', async () => {
    const { id } = await make()
    await changeNetwork(cutOff(), ann, { network: id, up: false })
    expect((await stored(id))?.wish.up).toBe(false)
  })
})
