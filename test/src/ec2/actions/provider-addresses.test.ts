/** Public addresses of a provider by EC2's actions: the zone that the provider is names them, and they lead to machines there alone. */
import type { HostId } from '../../../../src/model/ids'
import type { AddressSeen, HostRecord } from '../../../../src/model/records'
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
afterEach(async () => {
  for (const { id, wish } of await site.store.readAll('address')) {
    const claim = wish.atProvider ? await site.store.claim('address', id, site.clock.now()) : undefined
    if (claim) await site.store.forget(claim, [{ hash: 'names', field: wish.name }], site.clock.now())
  }
})

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
async function launched(at?: { readonly host: HostId; readonly zone: string }): Promise<string> {
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
  // The site itself is a group, and leases its own.
  const plain = await xml('AllocateAddress')
  const [region = ''] = texts(plain, 'networkBorderGroup')
  expect(texts(await xml('AllocateAddress', { NetworkBorderGroup: region }), 'publicIpv4Pool')).toEqual([own])
  const none = await faultOf('AllocateAddress', { NetworkBorderGroup: 'ec2-us' }, options())
  expect(none).toMatchObject({ kind: 'invalid', detail: { field: 'NetworkBorderGroup', allowed: [region, ZONE] } })
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

test('a project that is purged gives its addresses back first, and is gone once the provider has them', async () => {
  const name = `purged-${drawn}`
  ann = (await site.project(name)).caller
  await allocated('198.51.100.12')
  const purge = () => site.first.operations.purgeProject(OPERATOR, name)
  expect(await purge()).toEqual({ left: 1, done: false })
  const [record] = (await site.store.readAll('address')).filter(({ project }) => project === ann.project)
  expect(record?.wish.releasedAt).toBe(site.clock.now())
  // Again: it is on its way.
  expect(await purge()).toEqual({ left: 1, done: false })
  const claim = await site.store.claim('address', record?.id ?? '', site.clock.now())
  if (!claim) throw new Error('it is gone')
  await site.store.forget(claim, [{ hash: 'names', field: record?.wish.name ?? '' }], site.clock.now())
  expect(await purge()).toEqual({ left: 0, done: true })
})
