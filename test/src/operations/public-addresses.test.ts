/** Public addresses over a real store: pools, leases, limits, tenants, whom an address leads to, what ends with a machine and a project. */
import type { AddressId, NetworkId } from '../../../src/model/ids'
import type { Capabilities } from '../../../src/model/machine'
import type { Caller } from '../../../src/operations/context'
import { type Gateways, OPERATOR, startGateways } from '../../support/gateways'
import { startRedis, type TestRedis } from '../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
let bob: Caller
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  ann = (await site.project('ann')).caller
  bob = (await site.project('bob')).caller
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})

const operations = () => site.first.operations
const allocate = (caller: Caller, order: Parameters<ReturnType<typeof operations>['allocateAddress']>[1] = {}) =>
  operations().allocateAddress(caller, order)
async function machine(caller: Caller) {
  const { computes } = await operations().runComputes(caller, { minCount: 1, maxCount: 1 })
  return computes[0] ?? fail()
}
const fail = (): never => {
  throw new Error('nothing was made')
}
const associate = (caller: Caller, address: AddressId, compute: string, former: 'ends' | 'stays' = 'ends') =>
  operations().associateAddress(caller, { address, compute: compute as never, former })
const pool = async (name: string) =>
  (await operations().listPools(ann)).find(({ network }) => network.wish.name === name) ?? fail()
const small = { cidr: '198.51.100.0/30', bridge: 'br0', isPublic: true } as const

describe('a lease', () => {
  test('is of the first pool that has one left, and nobody gets the same twice', async () => {
    const { caller } = await site.project('many')
    const both = [site.first, site.second]
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (both[n % 2] ?? fail()).operations.allocateAddress(caller, {})),
    )
    const ips = made.map(({ record }) => record.wish.ip)
    expect(new Set(ips).size).toBe(20)
    for (const ip of ips) expect(ip).toMatch(/^203\.0\.113\.(?!0$|1$|255$)\d+$/)
    expect((await site.second.operations.listAddresses(caller)).map(({ state }) => state)).toEqual(
      ips.map(() => 'free'),
    )
    expect((await pool('public')).leased).toBe(20)
    expect(await operations().purgeProject(OPERATOR, 'many')).toEqual({ left: 0, done: true })
    expect((await pool('public')).leased).toBe(0)
  })

  test('names its pool or the very address; what is taken or elsewhere is refused by name', async () => {
    const network = await operations().addNetwork(OPERATOR, { name: 'few', ...small })
    const first = await allocate(ann, { pool: network.id, title: 'www', tags: { a: '1' } })
    expect(first.record.wish).toMatchObject({
      pool: network.id,
      title: 'www',
      tags: { a: '1' },
      holder: null,
      formers: [],
    })
    const rest = ['198.51.100.1', '198.51.100.2'].filter((ip) => ip !== first.record.wish.ip)
    expect((await allocate(bob, { ip: rest[0] ?? '' })).record.wish.ip).toBe(rest[0])
    for (const caller of [ann, bob])
      await expect(allocate(caller, { ip: first.record.wish.ip })).rejects.toMatchObject({ kind: 'in-use' })
    await expect(allocate(ann, { pool: network.id })).rejects.toMatchObject({
      kind: 'no-capacity',
      detail: { subject: { kind: 'address' } },
    })
    for (const ip of ['192.0.2.7', '203.0.113.1', '203.0.113.255'])
      await expect(allocate(ann, { ip })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(allocate(ann, { ip: '1.2.3' })).rejects.toMatchObject({ kind: 'malformed' })
    await expect(allocate(ann, { pool: ann.project as string as NetworkId })).rejects.toMatchObject({
      kind: 'not-found',
    })
    // The pool stays as long as anybody has an address of it.
    await expect(operations().removeNetwork(OPERATOR, 'few')).rejects.toMatchObject({
      kind: 'in-use',
      message: expect.stringContaining('2 addresses'),
    })
    for (const caller of [ann, bob])
      for (const { record } of await operations().listAddresses(caller))
        await operations().releaseAddress(caller, { address: record.id })
    expect(await operations().showNetwork(OPERATOR, 'few')).toMatchObject({ machines: 0, leased: 0 })
    await operations().removeNetwork(OPERATOR, 'few')
  })

  test('takes the id that is asked for, once', async () => {
    const id = 'abababab-0000-4000-8000-000000000001' as AddressId
    expect((await allocate(ann, { id })).record.id).toBe(id)
    await expect(allocate(ann, { id })).rejects.toMatchObject({ kind: 'exists' })
    await expect(allocate(bob, { id })).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'id' } })
    await expect(allocate(bob, { id: 'mine' as AddressId })).rejects.toMatchObject({ kind: 'invalid' })
    await operations().releaseAddress(ann, { address: id })
  })

  test('counts against the limit of its project, also when many ask at once', async () => {
    const { caller } = await site.project('three', { addresses: 3 })
    const asked = await Promise.allSettled(Array.from({ length: 6 }, () => allocate(caller)))
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    await expect(allocate(caller)).rejects.toMatchObject({ kind: 'quota', detail: { field: 'addresses' } })
    const [first] = await operations().listAddresses(caller)
    await operations().releaseAddress(caller, { address: first?.record.id ?? fail() })
    await allocate(caller)
    expect(await site.store.counters(caller.project)).toMatchObject({ addresses: 3 })
  })

  test('a dry run checks and changes nothing', async () => {
    const { caller } = await site.project('dry')
    await allocate(caller, { dryRun: true })
    expect(await operations().listAddresses(caller)).toEqual([])
    const { record } = await allocate(caller)
    const { id } = await machine(caller)
    await operations().associateAddress(caller, { address: record.id, compute: id, former: 'ends', dryRun: true })
    await operations().releaseAddress(caller, { address: record.id, dryRun: true })
    expect((await operations().getAddress(caller, record.id)).record).toEqual(record)
  })
})

describe('an association', () => {
  test('is in both records; the same again changes nothing; what was elsewhere is freed', async () => {
    const { caller } = await site.project('leads')
    const [one, two] = [await machine(caller), await machine(caller)]
    const [a, b] = [(await allocate(caller)).record, (await allocate(caller)).record]
    const first = await associate(caller, a.id, one.id)
    const [nic] = one.wish.interfaces
    expect(first.record.wish.holder).toMatchObject({
      computeName: one.wish.name,
      interface: nic?.name,
      mac: nic?.mac,
      privateAddress: nic?.address,
      association: expect.stringMatching(/^eipassoc-[0-9a-f]{17}$/),
    })
    expect(first).toMatchObject({ state: 'associating', message: 'its machine waits for a place' })
    expect((await associate(caller, a.id, one.id)).record.wish.holder).toEqual(first.record.wish.holder)
    const publics = async (id: string) => (await site.store.read('compute', id))?.wish.publics?.map(({ ip }) => ip)
    expect(await publics(one.id)).toEqual([a.wish.ip])
    await associate(caller, a.id, two.id)
    expect([await publics(one.id), await publics(two.id)]).toEqual([[], [a.wish.ip]])
    await associate(caller, b.id, two.id)
    expect(await publics(two.id)).toEqual([b.wish.ip])
    expect((await operations().getAddress(caller, a.id)).record.wish.holder).toBeNull()
    const told = site.first.told.filter(({ kind }) => kind === 'compute').map(({ id }) => id)
    for (const { id } of [one, two]) expect(told).toContain(id)
  })

  test('with `former: stays` neither the address nor the interface loses what it has', async () => {
    const { caller } = await site.project('stays')
    const [one, two] = [await machine(caller), await machine(caller)]
    const [a, b] = [(await allocate(caller)).record, (await allocate(caller)).record]
    await associate(caller, a.id, one.id, 'stays')
    for (const [address, compute] of [
      [a.id, two.id],
      [b.id, one.id],
    ] as const)
      await expect(associate(caller, address, compute, 'stays')).rejects.toMatchObject({
        kind: 'in-use',
        detail: { reason: 'associated' },
      })
    await associate(caller, a.id, one.id, 'stays')
  })

  test('of two that race for one address one has it in the end, and its machine alone names it', async () => {
    const { caller } = await site.project('race')
    const machines = [await machine(caller), await machine(caller), await machine(caller)]
    const { record } = await allocate(caller)
    await Promise.all(
      machines.map(({ id }, at) =>
        [site.first, site.second][at % 2]?.operations.associateAddress(caller, {
          ...{ address: record.id, compute: id, former: 'ends' },
        }),
      ),
    )
    const { holder } = (await site.store.read('address', record.id))?.wish ?? fail()
    for (const { id } of machines) {
      const names = (await site.store.read('compute', id))?.wish.publics?.length ?? 0
      expect(names).toBe(holder?.compute === id ? 1 : 0)
    }
  })

  test('what is not there, not its own or not of that interface is refused', async () => {
    const { id } = await machine(ann)
    const { record } = await allocate(ann)
    await expect(associate(bob, record.id, id)).rejects.toMatchObject({ kind: 'not-found' })
    await expect(associate(ann, record.id, (await machine(bob)).id)).rejects.toMatchObject({ kind: 'not-found' })
    const order = { address: record.id, compute: id, former: 'ends' as const }
    await expect(operations().associateAddress(ann, { ...order, interface: 'eni-1' })).rejects.toMatchObject({
      kind: 'not-found',
    })
    await expect(operations().associateAddress(ann, { ...order, privateAddress: '10.9.9.9' })).rejects.toMatchObject({
      kind: 'invalid',
    })
    await expect(operations().releaseAddress(bob, { address: record.id })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(operations().disassociateAddress(bob, { address: record.id })).rejects.toMatchObject({
      kind: 'not-found',
    })
    await expect(operations().changeAddress(bob, { address: record.id, title: 'x' })).rejects.toMatchObject({
      kind: 'not-found',
    })
    expect((await operations().listAddresses(bob)).some((view) => view.record.id === record.id)).toBe(false)
  })

  test('an association that is over is not found, and the newer one stays', async () => {
    const { caller } = await site.project('failover')
    const [one, two] = [await machine(caller), await machine(caller)]
    const { record } = await allocate(caller)
    const first = (await associate(caller, record.id, one.id)).record.wish.holder?.association ?? ''
    await associate(caller, record.id, two.id)
    await expect(
      operations().disassociateAddress(caller, { address: record.id, association: first }),
    ).rejects.toMatchObject({ kind: 'not-found' })
    expect((await operations().getAddress(caller, record.id)).record.wish.holder?.compute).toBe(two.id)
  })

  test('a release is refused while it leads to a machine, and names it; a machine that is deleted leaves it', async () => {
    const { caller } = await site.project('ends')
    const one = await machine(caller)
    const { record } = await allocate(caller)
    await associate(caller, record.id, one.id)
    await expect(operations().releaseAddress(caller, { address: record.id })).rejects.toMatchObject({
      kind: 'in-use',
      message: expect.stringContaining(one.wish.name),
    })
    await operations().deleteComputes(caller, { ids: [one.id] })
    const after = await operations().getAddress(caller, record.id)
    expect([after.record.wish.holder, after.state]).toEqual([null, 'free'])
    expect((await site.store.read('compute', one.id))?.wish.publics).toEqual([])
    await operations().releaseAddress(caller, { address: record.id })
    await expect(operations().getAddress(caller, record.id)).rejects.toMatchObject({ kind: 'not-found' })
  })
})

test('title, summary and tags; an audit event for each wish', async () => {
  const { caller } = await site.project('texts')
  const { record } = await allocate(caller)
  await operations().changeAddress(caller, { address: record.id, title: 'www', summary: 'of the shop' })
  await operations().tagResources(caller, { refs: [{ kind: 'address', id: record.id }], set: { a: '1' } })
  const ref = { kind: 'address', id: record.id } as const
  await expect(operations().tagResources(bob, { refs: [ref], set: { a: '2' } })).rejects.toMatchObject({
    kind: 'not-found',
  })
  const { wish } = (await operations().getAddress(caller, record.id)).record
  expect(wish).toMatchObject({ title: 'www', summary: 'of the shop', tags: { a: '1' } })
  await operations().releaseAddress(caller, { address: record.id })
  const events = await site.store.history(ref, 10)
  expect(events.map(({ what, actor }) => [what, actor.user])).toEqual(
    ['release-address', 'tag-resources', 'change-address', 'allocate-address'].map((what) => [what, 'texts']),
  )
})

test('where no host can, nothing is leased or associated, and the reason is told; a machine on one that cannot keeps what it has', async () => {
  const own = await startGateways(redis)
  const { caller } = await own.project('p')
  const { operations: ops } = own.first
  const lacking: Capabilities = { lacks: [{ verb: 'addresses', because: 'it has no NAT' }] }
  const hosts = async (capabilities: Capabilities | null) => {
    for (const { id } of await own.store.readAll('host')) {
      const claim = (await own.store.claim('host', id, own.clock.now())) ?? fail()
      const seen = { ...claim.record.seen, capabilities }
      await own.store.observe(claim, { seen, what: 'host-seen' }, own.clock.now())
    }
  }
  const { record } = await ops.allocateAddress(caller, {})
  const { computes } = await ops.runComputes(caller, { minCount: 1, maxCount: 1 })
  const compute = computes[0]?.id ?? fail()
  await hosts(lacking)
  const told = { kind: 'unsupported', message: expect.stringContaining('it has no NAT') }
  await expect(ops.allocateAddress(caller, {})).rejects.toMatchObject(told)
  await expect(ops.associateAddress(caller, { address: record.id, compute, former: 'ends' })).rejects.toMatchObject(
    told,
  )
  expect((await ops.getAddress(caller, record.id)).record.wish.holder).toBeNull()
  await ops.releaseAddress(caller, { address: record.id })
  await own.close()
})

test('a site without a pool says so', async () => {
  const own = await startGateways(redis)
  const { caller } = await own.project('p')
  await own.first.operations.removeNetwork(OPERATOR, 'public')
  await expect(own.first.operations.allocateAddress(caller, {})).rejects.toMatchObject({ kind: 'unsupported' })
  await own.close()
})

test("a public network is no machine's: no default, none of a tenant's, and no name servers", async () => {
  expect(operations().defaults().network?.wish.name).toBe('default')
  expect((await operations().listNetworks(ann)).map(({ wish }) => wish.name)).toEqual(['default'])
  const order = { name: 'asked', ...small, dns: ['192.0.2.1'] }
  await expect(operations().addNetwork(OPERATOR, order)).rejects.toMatchObject({
    kind: 'invalid',
    detail: { field: 'dns' },
  })
})
