/** Public addresses of a provider by EC2's actions: the zone that the provider is names them, and they lead to machines there alone. */
import type { AddressSeen, ComputePlace, HostRecord } from '../../../../src/model/records'
import type { Caller } from '../../../../src/operations/context'
import { sighting } from '../../../support/compute-record'
import { codeOf, faultOf, type Parameters, texts, xmlOf } from '../../../support/ec2-call'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'
import { until } from '../../../support/until'

const ZONE = 'ec2-eu'
let redis: TestRedis
let site: Gateways
let provider: HostRecord
let ann: Caller
let drawn = 0
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  provider = await site.first.operations.addProvider(OPERATOR, {
    ...{ name: 'amazon-eu', kind: 'ec2', endpoint: 'https://ec2.eu-west-1.amazonaws.com', region: 'eu-west-1' },
    ...{ zone: ZONE, account: 'AKIAEXAMPLE', secret: 'secret', settings: { addresses: '2' } },
  })
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})
beforeEach(async () => {
  drawn += 1
  ann = (await site.project(`ann-${drawn}`)).caller
})
/** As their own jobs would, once the provider has taken them back. */
afterEach(takenBack)
async function takenBack(): Promise<void> {
  for (const { id, wish } of await site.store.readAll('address')) {
    const claim = wish.atProvider ? await site.store.claim('address', id, site.clock.now()) : undefined
    if (claim) await site.store.forget(claim, [{ hash: 'names', field: wish.name }], site.clock.now())
  }
}

const options = () => ({ operations: site.first.operations, caller: ann })
const xml = (action: string, parameters: Parameters = {}) => xmlOf(action, parameters, options())
const code = (action: string, parameters: Parameters = {}) => codeOf(action, parameters, options())
const pool = () => `ipv4pool-ec2-${provider.id.replaceAll('-', '').slice(0, 17)}`

/** What its job writes once the provider has said something, of the one that waits for it. */
async function said(what: { readonly ip: string } | { readonly refused: string }): Promise<void> {
  const waiting = async () =>
    (await site.store.readAll('address')).find(
      ({ wish, seen, journal }) => wish.atProvider && !wish.releasedAt && seen === null && journal === null,
    )
  await until(async () => (await waiting()) !== undefined, { what: 'an address to be asked for' })
  const claim = await site.store.claim('address', (await waiting())?.id ?? '', site.clock.now())
  if (!claim) throw new Error('it is gone')
  const seen: AddressSeen | null =
    'ip' in what ? { at: site.clock.now(), ip: what.ip, object: 'eipalloc-theirs', goneAt: null } : null
  const trouble = 'refused' in what ? { kind: 'refused', message: what.refused, at: site.clock.now() } : null
  const journal = { intent: null, attempts: 1, failures: 0, trouble, stuck: null }
  await site.store.observe(claim, { seen, journal, what: 'address-seen' }, site.clock.now())
}
async function allocated(ip: string, parameters: Parameters = { NetworkBorderGroup: ZONE }) {
  const [made] = await Promise.all([xml('AllocateAddress', parameters), said({ ip })])
  return { id: texts(made, 'allocationId')[0] ?? '', xml: made }
}
async function launched(at?: Pick<Partial<ComputePlace>, 'host' | 'zone' | 'moving'>): Promise<string> {
  const { computes } = await site.first.operations.runComputes(ann, { minCount: 1, maxCount: 1 })
  const [compute] = computes
  if (!compute) throw new Error('nothing was launched')
  const own = (await site.store.readAll('host')).find(({ wish }) => wish.provider === undefined)
  if (!own) throw new Error('the site has no host')
  const offer = { type: 't3.small', price: 22_800, currency: 'USD' }
  const place = at === undefined ? { host: own.id, zone: own.wish.zone } : { ...at, offer }
  const given = { object: 'i-theirs', addresses: [{ ip: '10.9.0.4', scope: 'private' as const }] }
  const seen = { machine: { ...sighting('running'), name: compute.wish.name, id: compute.id, given } }
  await site.run(compute.id, { place, ...(at === undefined ? {} : { seen }) })
  return compute.wish.name
}

test('one is answered once its provider has said which it is, and is shown in the zone that its provider is', async () => {
  const { id, xml: made } = await allocated('198.51.100.7')
  expect(texts(made, 'publicIp')).toEqual(['198.51.100.7'])
  expect(texts(made, 'networkBorderGroup')).toEqual([ZONE])
  expect(texts(made, 'publicIpv4Pool')).toEqual([pool()])
  const shown = await xml('DescribeAddresses', { 'PublicIp.1': '198.51.100.7' })
  expect(texts(shown, 'allocationId')).toEqual([id])
  expect(texts(shown, 'networkBorderGroup')).toEqual([ZONE])
  const inZone = { 'Filter.1.Name': 'network-border-group', 'Filter.1.Value.1': ZONE }
  expect(texts(await xml('DescribeAddresses', inZone), 'allocationId')).toEqual([id])
  const pools = await xml('DescribePublicIpv4Pools', { 'PoolId.1': pool() })
  expect([texts(pools, 'totalAddressCount'), texts(pools, 'totalAvailableAddressCount')]).toEqual([['2'], ['1']])
  expect(texts(pools, 'networkBorderGroup')).toEqual([ZONE])

  // Given back, it is nobody's at once, and counts until the provider has it.
  await xml('ReleaseAddress', { AllocationId: id })
  expect(await code('DescribeAddresses', { 'AllocationId.1': id })).toBe('InvalidAllocationID.NotFound')
  expect(await code('ReleaseAddress', { AllocationId: id })).toBe('InvalidAllocationID.NotFound')
  expect(texts(await xml('DescribeTags'), 'resourceId')).not.toContain(id)
  expect(await site.first.operations.listAllAddresses(OPERATOR)).toMatchObject([{ state: 'releasing' }])
  expect((await site.store.counters(ann.project)).addresses).toBe(1)
})

test('the pool says the same as the zone; a pool elsewhere, and an address of one’s choice, are refused by name', async () => {
  await allocated('198.51.100.8', { PublicIpv4Pool: pool() })
  const own = texts(await xml('DescribePublicIpv4Pools'), 'poolId').find((one) => one !== pool()) ?? ''
  expect(await code('AllocateAddress', { PublicIpv4Pool: own, NetworkBorderGroup: ZONE })).toBe(
    'InvalidParameterCombination',
  )
  const chosen = { NetworkBorderGroup: ZONE, Address: '198.51.100.9' }
  expect(await code('AllocateAddress', chosen)).toBe('UnsupportedOperation')
  // The region is the group of the site; there is no other.
  expect(texts(await xml('AllocateAddress', { NetworkBorderGroup: 'local-1' }), 'publicIpv4Pool')).toEqual([own])
  for (const more of [{}, { PublicIpv4Pool: own }, { Address: '198.51.100.9' }]) {
    const asked = { NetworkBorderGroup: 'ec2-ue', ...more }
    const wrong = await faultOf('AllocateAddress', asked, options())
    expect(wrong).toMatchObject({ kind: 'invalid', detail: { field: 'NetworkBorderGroup' } })
    expect(wrong.message).toContain(`NetworkBorderGroup is local-1 or ${ZONE}`)
  }
})

test('the zone of a provider of which addresses may be leased is a border group of its own', async () => {
  const shown = await xml('DescribeAvailabilityZones')
  const [zones, groups] = [texts(shown, 'zoneName'), texts(shown, 'networkBorderGroup')]
  expect(zones).toContain(ZONE)
  expect(zones.map((zone, at) => [zone, groups[at]])).toEqual(
    zones.map((zone) => [zone, zone === ZONE ? ZONE : 'local-1']),
  )
  const inGroup = { 'Filter.1.Name': 'network-border-group', 'Filter.1.Value.1': ZONE }
  expect(texts(await xml('DescribeAvailabilityZones', inGroup), 'zoneName')).toEqual([ZONE])
})

test('what its provider refuses is said with its reason, and one more than the operator allows; nothing stays leased', async () => {
  const [refused] = await Promise.all([
    faultOf('AllocateAddress', { NetworkBorderGroup: ZONE }, options()),
    said({ refused: 'its provider gives this account no more addresses (AddressLimitExceeded)' }),
  ])
  expect(refused).toMatchObject({ kind: 'no-capacity' })
  expect(refused.message).toContain('AddressLimitExceeded')
  expect(texts(await xml('DescribeAddresses'), 'allocationId')).toEqual([])
  // The one that was refused is on its way to be forgotten.
  await allocated('198.51.100.10')
  expect(await code('AllocateAddress', { NetworkBorderGroup: ZONE })).toBe('InsufficientAddressCapacity')
})

test('it leads to no machine that is on its way home from there', async () => {
  const { id } = await allocated('198.51.100.12')
  const to = { host: provider.id, hostName: 'sim-1', zone: 'local-1a', simulated: true }
  const moving = { level: 1, how: 'anew', to, ran: true, volumes: [], since: 0 } as const
  const leaving = await launched({ host: provider.id, zone: ZONE, moving })
  const wrong = await faultOf('AssociateAddress', { AllocationId: id, InstanceId: leaving }, options())
  expect(wrong).toMatchObject({ kind: 'state', message: expect.stringContaining('on its way to another host') })
  expect(texts(await xml('DescribeAddresses', { 'AllocationId.1': id }), 'instanceId')).toEqual([''])
})

test('it leads to machines there alone, and the site’s own to those on its hosts', async () => {
  const { id } = await allocated('198.51.100.11')
  const [home, there] = [await launched(), await launched({ host: provider.id, zone: ZONE })]
  const wrong = await faultOf('AssociateAddress', { AllocationId: id, InstanceId: home }, options())
  expect(wrong).toMatchObject({ kind: 'unsupported' })
  expect(wrong.message).toContain(`198.51.100.11 is of the provider ${ZONE} and leads to machines there alone`)
  expect(texts(await xml('AssociateAddress', { AllocationId: id, InstanceId: there }), 'associationId')).toHaveLength(1)
  const shown = await xml('DescribeAddresses', { 'AllocationId.1': id })
  expect(texts(shown, 'instanceId')).toEqual([there])
  expect(texts(shown, 'privateIpAddress')).toEqual(['10.9.0.4'])
  expect(texts(await xml('DescribeInstances', { 'InstanceId.1': there }), 'ipAddress')).toEqual(['198.51.100.11'])
  expect(await code('ReleaseAddress', { AllocationId: id })).toBe('InvalidIPAddress.InUse')
})

test('a project that is purged gives its addresses back there first', async () => {
  const { id } = await allocated('198.51.100.13')
  const name = `ann-${drawn}`
  for (const _again of [1, 2])
    expect(await site.first.operations.purgeProject(OPERATOR, name)).toEqual({ left: 1, done: false })
  const all = await site.first.operations.listAllAddresses(OPERATOR)
  expect(all.find(({ record }) => record.wish.name === id)).toMatchObject({ state: 'releasing' })
  await takenBack()
  expect(await site.first.operations.purgeProject(OPERATOR, name)).toEqual({ left: 0, done: true })
})

// The last: the second one stays.
test('of two providers in a zone, one that has an address left is asked', async () => {
  site.clock.at += 1
  const second = await site.first.operations.addProvider(OPERATOR, {
    ...{ name: 'amazon-too', kind: 'ec2', endpoint: 'https://ec2.eu-west-2.amazonaws.com', region: 'eu-west-2' },
    ...{ zone: ZONE, account: 'AKIAEXAMPLE', secret: 'secret', settings: { addresses: '1' } },
  })
  const from = async (ip: string) => texts((await allocated(ip)).xml, 'publicIpv4Pool')[0]
  const its = `ipv4pool-ec2-${second.id.replaceAll('-', '').slice(0, 17)}`
  const pools = [await from('198.51.100.20'), await from('198.51.100.21'), await from('198.51.100.22')]
  expect(pools).toEqual([pool(), pool(), its])
  expect(await code('AllocateAddress', { NetworkBorderGroup: ZONE })).toBe('InsufficientAddressCapacity')
})
