/** An operator's order to take a foreign domain over: what it writes, and what it refuses by name before anything is written. */
import { randomUUID } from 'node:crypto'
import { ec2State, lifecycle, occiState } from '../../../../src/model/lifecycle'
import type { ForeignLookSeen, ForeignMachine, HostSeen, NetworkRecord } from '../../../../src/model/records'
import type { AdoptOrder } from '../../../../src/operations/adoption/operations'
import type { Caller } from '../../../../src/operations/context'
import type { Operations } from '../../../../src/operations/operations'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

const UUID = '6f1d2a3b-0001-4000-8000-000000000001'
const HOST = 'sim-1'

let redis: TestRedis
let site: Gateways
let operations: Operations
let ann: Caller
let network: NetworkRecord
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startGateways(redis)
  operations = site.first.operations
  ann = (await site.project('ann', { instances: 2, memoryMiB: 4096 })).caller
  await site.probeHosts({ cpuHundredths: 800, memoryMiB: 8192, diskGiB: 100 })
  const [first] = await operations.listNetworks(OPERATOR)
  if (!first) throw new Error('no network')
  network = first
})
afterEach(() => site.close())

const machine = (more: Partial<ForeignMachine> = {}): ForeignMachine => ({
  name: 'web',
  uuid: UUID,
  domain: 'running',
  size: { type: '', cores: 1, cpuHundredths: 100, memoryMiB: 512, diskGiB: 3 },
  boot: { mode: 'pvh', cmdline: null, kernel: '/guest/vmlinuz', initramfs: null, settings: {} },
  disks: [
    { device: 'xvda', format: 'raw', path: '/guest/web.img', sizeGiB: 2 },
    { device: 'xvdb', format: 'raw', path: '/dev/vg/web', sizeGiB: 1 },
  ],
  interfaces: [{ mac: '00:16:3e:00:00:01', bridge: network.wish.bridge, address: null }],
  obstacles: [],
  ...more,
})

/** Looked at, as a worker does. */
async function looked(seen: Partial<ForeignLookSeen> | null = {}, domain = 'web'): Promise<string> {
  const { id } = await operations.lookAtForeign(OPERATOR, HOST, domain)
  if (seen === null) return id
  const claim = await site.store.claim('foreignlook', id, 1)
  if (!claim) throw new Error('no look')
  const found = { at: site.clock.now(), machine: machine(), message: null, ...seen }
  await site.store.observe(claim, { seen: found, what: 'looked' }, 1)
  return id
}
const adopt = async (order: Partial<AdoptOrder> = {}, seen: Partial<ForeignLookSeen> = {}) =>
  operations.adoptDomain(OPERATOR, { host: HOST, look: await looked(seen), project: 'ann', ...order })
const hostRecord = async () => {
  const found = (await operations.listHosts(OPERATOR)).find(({ wish }) => wish.name === HOST)
  if (!found) throw new Error('no host')
  return found
}
async function hostSeen(change: Partial<HostSeen>): Promise<void> {
  const claim = await site.store.claim('host', (await hostRecord()).id, 1)
  if (!claim) throw new Error('no host')
  await site.store.observe(claim, { seen: { ...claim.record.seen, ...change }, what: 'host-seen' }, 1)
}
/** Everything that a refused order must leave alone. */
const state = async () => ({
  computes: await site.store.readAll('compute'),
  claims: await site.store.hostClaims([(await hostRecord()).id]),
  counters: await site.store.counters(ann.project),
})

test('makes a machine of the project with its place, its room, its limits and its addresses, all at once', async () => {
  const record = await adopt({ name: 'the shop', address: '10.0.7.7' })
  const host = await hostRecord()
  expect(record).toMatchObject({
    id: UUID,
    project: ann.project,
    place: { host: host.id, hostName: HOST, simulated: true },
    wish: {
      image: null,
      title: 'the shop',
      tags: { Name: 'the shop' },
      power: 'on',
      starts: 1,
      size: { cores: 1, memoryMiB: 512 },
      adopted: { from: 'web' },
      interfaces: [{ mac: '00:16:3e:00:00:01', address: '10.0.7.7', network: network.id }],
      disks: [
        { name: 'root', device: '/dev/xvda', sizeGiB: 2, deleteOnTermination: false, image: null },
        { name: 'disk1', device: '/dev/xvdb', sizeGiB: 1, deleteOnTermination: false, image: null },
      ],
    },
  })
  expect(record.wish.interfaces[0]?.groups).toBeUndefined()
  expect(site.first.told).toContainEqual({ kind: 'compute', id: UUID })
  expect(await site.store.waiting(5)).toEqual([])
  expect(await site.store.counters(ann.project)).toMatchObject({ instances: 1, cores: 1, memoryMiB: 512 })
  const [claims] = await site.store.hostClaims([host.id])
  expect(JSON.parse(claims?.claims[UUID] ?? 'null')).toEqual({ ...record.wish.size, project: ann.project })
  expect(await site.store.resolve(`leases:${network.id}`, ['10.0.7.7'])).toEqual([`compute:${UUID}`])
  expect(await site.store.resolve('macs', ['00:16:3e:00:00:01'])).toEqual([`compute:${UUID}`])
  const seenByOwner = await site.second.operations.getCompute(ann, record.id)
  expect([lifecycle(seenByOwner), ec2State(seenByOwner).name, occiState(seenByOwner)]).toEqual([
    'preparing',
    'pending',
    'inactive',
  ])
  const [event] = await operations.computeEvents(OPERATOR, UUID, 1)
  expect(event).toMatchObject({ what: 'adopt-domain', actor: { user: 'operator' } })
})

test('a dry run says the same and writes nothing', async () => {
  const before = await state()
  expect(await adopt({ dryRun: true })).toMatchObject({ id: UUID, wish: { title: 'web' } })
  expect(await state()).toEqual(before)
})

test('one that is off is to stay off', async () => {
  const record = await adopt({}, { machine: machine({ domain: 'off' }) })
  expect(record.wish).toMatchObject({ power: 'off', starts: 0 })
  expect(lifecycle(record)).toBe('poweroff')
})

test('the address that its host knows is kept, unless none is to be', async () => {
  const known = (address: string) =>
    machine({ interfaces: [{ mac: '00:16:3e:00:00:02', bridge: network.wish.bridge, address }] })
  expect((await adopt({ dryRun: true }, { machine: known('10.0.9.9') })).wish.interfaces[0]?.address).toBe('10.0.9.9')
  const none = await adopt({ dryRun: true, address: 'none' }, { machine: known('192.0.2.1') })
  expect(none.wish.interfaces[0]?.address).toBeNull()
  await expect(adopt({}, { machine: known('192.0.2.1') })).rejects.toMatchObject({
    kind: 'invalid',
    message: expect.stringMatching(/gives nobody the address 192\.0\.2\.1, which the interface/),
  })
})

test('its type is one of as many cores and as much memory, or none', async () => {
  const fitting = (await operations.listTypes(OPERATOR)).find(({ wish }) => wish.size.cores === 1)
  if (!fitting) throw new Error('no type')
  const size = { ...machine().size, memoryMiB: fitting.wish.size.memoryMiB }
  expect((await adopt({ dryRun: true }, { machine: machine({ size }) })).wish.size.type).not.toBe('')
  const odd = { ...size, memoryMiB: 333 }
  expect((await adopt({ dryRun: true }, { machine: machine({ size: odd }) })).wish.size.type).toBe('')
  await expect(adopt({ type: fitting.wish.name }, { machine: machine({ size: odd }) })).rejects.toMatchObject({
    kind: 'invalid',
    detail: { field: 'type' },
  })
})

const REFUSALS: readonly (readonly [
  what: string,
  kind: string,
  order: () => Partial<AdoptOrder>,
  seen: () => Partial<ForeignLookSeen>,
])[] = [
  ['an obstacle', 'refused', () => ({}), () => ({ machine: machine({ obstacles: ['its disk xvda is read-only'] }) })],
  ['a domain that crashed', 'refused', () => ({}), () => ({ machine: machine({ domain: 'crashed' }) })],
  ['a domain that is not there', 'refused', () => ({}), () => ({ machine: null, message: 'there is no domain web' })],
  ['a uuid that is none', 'refused', () => ({}), () => ({ machine: machine({ uuid: 'X' }) })],
  ['an old look', 'state', () => ({}), () => ({ at: site.clock.now() - 300_001 })],
  ['another host', 'state', () => ({ host: 'sim-2' }), () => ({})],
  ['a host that is none', 'not-found', () => ({ host: 'xen-9' }), () => ({})],
  ['a project that is none', 'not-found', () => ({ project: 'nobody' }), () => ({})],
  ['a network that is none', 'not-found', () => ({ network: 'wan' }), () => ({})],
  ['a type that is none', 'not-found', () => ({ type: 'm9.huge' }), () => ({})],
  ['an address that is none', 'invalid', () => ({ address: '10.0.0' }), () => ({})],
  ['the gateway’s address', 'invalid', () => ({ address: network.wish.gateway }), () => ({})],
  [
    'a bridge of no network',
    'refused',
    () => ({}),
    () => ({ machine: machine({ interfaces: [{ mac: '00:16:3e:00:00:03', bridge: 'br9', address: null }] }) }),
  ],
  [
    'an address without an interface',
    'invalid',
    () => ({ address: '10.0.0.9' }),
    () => ({ machine: machine({ interfaces: [] }) }),
  ],
  [
    'more than the project may have',
    'quota',
    () => ({}),
    () => ({ machine: machine({ size: { ...machine().size, memoryMiB: 4097 } }) }),
  ],
]

test.each(REFUSALS)('%s is refused, and nothing is written', async (_what, kind, order, seen) => {
  const before = await state()
  await expect(adopt(order(), seen())).rejects.toMatchObject({ kind })
  expect(await state()).toEqual(before)
})

test('nothing is given away twice: the domain, its MAC address, its address', async () => {
  await adopt({ address: '10.0.7.7' })
  const before = await state()
  await expect(adopt()).rejects.toMatchObject({ kind: 'exists', message: expect.stringMatching(/is the machine i-/) })
  const other = (more: Partial<ForeignMachine>) => ({ machine: machine({ uuid: randomUUID(), ...more }) })
  await expect(adopt({}, other({}))).rejects.toMatchObject({
    kind: 'exists',
    message: 'another machine of this site has 00:16:3e:00:00:01 already',
  })
  const interfaces = [{ mac: '00:16:3e:00:00:04', bridge: network.wish.bridge, address: null }]
  await expect(adopt({ address: '10.0.7.7' }, other({ interfaces }))).rejects.toMatchObject({
    kind: 'exists',
    message: 'another machine of this site has 10.0.7.7 already',
    detail: { field: 'address' },
  })
  expect(await state()).toEqual(before)
})

describe('a look', () => {
  it('is a wish for a worker; without what it found nothing is taken over', async () => {
    const look = await looked(null)
    expect(site.first.told).toContainEqual({ kind: 'foreignlook', id: look })
    expect((await site.second.operations.foreignLook(OPERATOR, look)).seen).toBeNull()
    await expect(operations.adoptDomain(OPERATOR, { host: HOST, look, project: 'ann' })).rejects.toMatchObject({
      kind: 'state',
    })
    await expect(operations.foreignLook(OPERATOR, 'none')).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('at what runs the host, at an orphan, and at one that bears a machine’s name is refused at once', async () => {
    const { size } = machine()
    await hostSeen({ foreign: [{ name: 'Domain-0', size, runsHost: true }], orphans: ['i-0123456789abcdef0'] })
    await expect(looked(null, 'Domain-0')).rejects.toMatchObject({ kind: 'conflict' })
    await expect(looked(null, 'i-0123456789abcdef0')).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringMatching(/is an orphan: .*docs\/xen\.md, Orphans/),
    })
    const { wish } = await adopt()
    await expect(looked(null, wish.name)).rejects.toMatchObject({ kind: 'exists' })
  })

  it.each([
    ['does not answer', { contact: 'lost' as const }, 'state'],
    ['is not trusted', { distrusted: { at: 1 } }, 'state'],
    ['lacks it', { capabilities: { lacks: [{ verb: 'adopt' as const, because: 'no access' }] } }, 'unsupported'],
  ])('on a host that %s is refused at once', async (_what, seen, kind) => {
    await hostSeen(seen)
    await expect(looked(null)).rejects.toMatchObject({ kind })
    expect(await site.store.readAll('foreignlook')).toEqual([])
  })
})

test('it is not moved, and told why', async () => {
  const { wish } = await adopt()
  await site.observe(UUID as never, ({ seen, place }) => ({
    seen: {
      ...seen,
      host: place.host,
      starts: 1,
      startedAt: 1,
      machine: { name: wish.name, id: UUID, domain: 'running', disks: [], interfaces: [], work: null, startedAt: 1 },
    },
  }))
  await expect(operations.moveCompute(OPERATOR, wish.name, { to: 'sim-2', how: 'cold' })).rejects.toMatchObject({
    kind: 'unsupported',
    message: expect.stringMatching(/it was taken over/),
  })
  await expect(operations.createImageOf(ann, { compute: UUID as never, name: 'shop' })).rejects.toMatchObject({
    kind: 'unsupported',
    message: expect.stringMatching(/is started with files of its host/),
  })
})
