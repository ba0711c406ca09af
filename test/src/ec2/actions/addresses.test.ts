/** EC2's actions on public addresses, over the real operations: an address is what others see of it. */
import { EC2Client, paginateDescribeAddressesAttribute } from '@aws-sdk/client-ec2'
import type { Caller } from '../../../../src/operations/context'
import type { NewProject } from '../../../../src/operations/projects'
import { codeOf, faultOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { type Ec2Server, startEc2 } from '../../../support/ec2-server'
import { type Gateways, OPERATOR, startGateways } from '../../../support/gateways'
import { expectGolden } from '../../../support/golden'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: NewProject & { caller: Caller }
let bob: Caller
let instance = ''
let eni = ''
let tenants = 0
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  // The site's own pool is the first one.
  site.clock.at += 1
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})
beforeEach(async () => {
  tenants += 1
  ann = await site.project(`ann-${tenants}`)
  bob = (await site.project(`bob-${tenants}`)).caller
  instance = await launched()
  eni = (await interfacesOf(instance))[0] ?? ''
})

const options = (caller = ann.caller) => ({ operations: site.first.operations, caller })
const xml = (action: string, parameters: Parameters = {}, caller = ann.caller) =>
  xmlOf(action, parameters, options(caller))
const code = (action: string, parameters: Parameters = {}, caller = ann.caller) =>
  codeOf(action, parameters, options(caller))
async function launched(caller = ann.caller): Promise<string> {
  const { computes } = await site.first.operations.runComputes(caller, { minCount: 1, maxCount: 1 })
  const [compute] = computes
  if (!compute) throw new Error('nothing was launched')
  await site.run(compute.id)
  return compute.wish.name
}
const interfacesOf = async (name: string) =>
  texts(
    await xml('DescribeNetworkInterfaces', { 'Filter.1.Name': 'attachment.instance-id', 'Filter.1.Value.1': name }),
    'networkInterfaceId',
  )
async function allocated(parameters: Parameters = {}, caller = ann.caller) {
  // Listed in order of creation.
  site.clock.at += 1
  const made = await xml('AllocateAddress', { Domain: 'vpc', ...parameters }, caller)
  return { id: texts(made, 'allocationId')[0] ?? '', ip: texts(made, 'publicIp')[0] ?? '', xml: made }
}
const associated = async (parameters: Parameters) =>
  texts(await xml('AssociateAddress', parameters), 'associationId')[0] ?? ''
const described = (parameters: Parameters = {}, caller = ann.caller) => xml('DescribeAddresses', parameters, caller)
const filter = (name: string, value: string) => ({ 'Filter.1.Name': name, 'Filter.1.Value.1': value })

/** What is drawn is told apart by its kind alone. */
function golden(name: string, text: string): void {
  const fixed = text
    .replaceAll(ann.project.wish.account, '123456789012')
    .replaceAll(site.site, 'local-1')
    .replaceAll(/(eipalloc|eipassoc|eni-attach|eni|i|vpc|subnet|sg)-[0-9a-f]{17}/g, '$1-00000000000000001')
    .replaceAll(/02(:[0-9a-f]{2}){5}/g, '02:00:00:00:00:01')
    .replaceAll(/(?<=<(?:publicIp|privateIpAddress)>)(203\.0\.113|10\.0\.0)\.\d+/g, '$1.2')
    .replaceAll(/(?<=AvailableAddressCount>|availableAddressCount>)\d+/g, '251')
  expectGolden(`ec2/${name}.xml`, pretty(fixed))
}

test('golden: AllocateAddress, AssociateAddress, DescribeAddresses, DescribePublicIpv4Pools', async () => {
  const tag = { ResourceType: 'elastic-ip', 'Tag.1.Key': 'Name', 'Tag.1.Value': 'www' }
  const tags = Object.fromEntries(Object.entries(tag).map(([key, value]) => [`TagSpecification.1.${key}`, value]))
  const { id, xml: made } = await allocated(tags)
  golden('AllocateAddress', made)
  golden('AssociateAddress', await xml('AssociateAddress', { AllocationId: id, InstanceId: instance }))
  await allocated()
  golden('DescribeAddresses', await described())
  golden('DescribeAddressesAttribute', await xml('DescribeAddressesAttribute', { Attribute: 'domain-name' }))
  golden('DescribePublicIpv4Pools', await xml('DescribePublicIpv4Pools'))
})

test('golden: what an instance and its interface show of the address', async () => {
  const { id, ip } = await allocated()
  await associated({ AllocationId: id, NetworkInterfaceId: eni })
  const shown = await xml('DescribeInstances', { 'InstanceId.1': instance })
  expect(texts(shown, 'ipAddress')).toEqual([ip])
  expect(texts(shown, 'publicIp')).toEqual([ip, ip])
  // The interface shows it, and its private address beside.
  expect(texts(await xml('DescribeNetworkInterfaces'), 'publicIp')).toEqual([ip, ip])
  golden(
    'DescribeNetworkInterfaces-public-address',
    (await xml('DescribeNetworkInterfaces')).replace(/<attachTime>[^<]*/, '<attachTime>'),
  )
})

test('the public address is found by every filter that names it', async () => {
  const { id, ip } = await allocated()
  const association = await associated({ AllocationId: id, InstanceId: instance })
  await allocated()
  const ofInstances: readonly (readonly [string, string])[] = [
    ['ip-address', ip],
    ['network-interface.association.public-ip', ip],
    ['network-interface.addresses.association.public-ip', ip],
    ['network-interface.association.allocation-id', id],
    ['network-interface.association.association-id', association],
    ['network-interface.association.ip-owner-id', ann.project.wish.account],
    ['network-interface.attachment.instance-id', instance],
  ]
  await launched()
  for (const [name, value] of ofInstances)
    expect([name, texts(await xml('DescribeInstances', filter(name, value)), 'privateDnsName').length]).toEqual([
      name,
      // Once for the instance; of what it shows beside, interfaces have none.
      1,
    ])
  const ofAddresses: readonly (readonly [string, string])[] = [
    ['allocation-id', id],
    ['association-id', association],
    ['instance-id', instance],
    ['network-interface-id', eni],
    ['network-interface-owner-id', ann.project.wish.account],
    ['private-ip-address', '10.0.*'],
    ['public-ip', ip],
  ]
  for (const [name, value] of ofAddresses)
    expect([name, texts(await described(filter(name, value)), 'publicIp')]).toEqual([name, [ip]])
  for (const name of ['domain', 'network-border-group'])
    expect(texts(await described(filter(name, name === 'domain' ? 'vpc' : 'local-1')), 'publicIp')).toHaveLength(2)
  const ofInterfaces: readonly (readonly [string, string])[] = [
    ['association.public-ip', ip],
    ['association.allocation-id', id],
    ['association.association-id', association],
    ['addresses.association.public-ip', ip],
  ]
  for (const [name, value] of ofInterfaces)
    expect(texts(await xml('DescribeNetworkInterfaces', filter(name, value)), 'associationId')).toEqual([
      association,
      association,
    ])
  expect(await code('DescribeAddresses', filter('colour', 'red'))).toBe('InvalidParameterValue')
})

test('tags: at creation, afterwards, in DescribeTags, as filters', async () => {
  const { id } = await allocated()
  await xml('CreateTags', { 'ResourceId.1': id, 'Tag.1.Key': 'role', 'Tag.1.Value': 'www' })
  const listed = await xml('DescribeTags', filter('resource-type', 'elastic-ip'))
  expect([texts(listed, 'resourceId'), texts(listed, 'value')]).toEqual([[id], ['www']])
  expect(texts(await described(filter('tag:role', 'w*')), 'allocationId')).toEqual([id])
  await xml('DeleteTags', { 'ResourceId.1': id, 'Tag.1.Key': 'role' })
  expect(texts(await described(filter('tag-key', 'role')), 'allocationId')).toEqual([])
})

test('its life: by allocation and by address, each twice', async () => {
  const { id, ip } = await allocated()
  const first = await associated({ AllocationId: id, InstanceId: instance })
  expect(await associated({ PublicIp: ip, NetworkInterfaceId: eni })).toBe(first)
  const release = await faultOf('ReleaseAddress', { AllocationId: id }, options())
  expect(release).toMatchObject({ kind: 'in-use', message: expect.stringContaining(instance) })
  expect(await code('ReleaseAddress', { PublicIp: ip })).toBe('InvalidIPAddress.InUse')
  await xml('DisassociateAddress', { AssociationId: first })
  expect(await code('DisassociateAddress', { AssociationId: first })).toBe('InvalidAssociationID.NotFound')
  await xml('DisassociateAddress', { PublicIp: ip })
  expect(await described()).toMatch(/<instanceId\/>|<instanceId><\/instanceId>/)
  await xml('ReleaseAddress', { AllocationId: id })
  expect(await code('ReleaseAddress', { AllocationId: id })).toBe('InvalidAllocationID.NotFound')
  expect(await code('ReleaseAddress', { PublicIp: ip })).toBe('InvalidAddress.NotFound')
  expect((await allocated({ Address: ip })).ip).toBe(ip)
})

test('AllowReassociation: without it what has an address keeps it', async () => {
  const [a, b] = [await allocated(), await allocated()]
  const other = await launched()
  await associated({ AllocationId: a.id, InstanceId: instance })
  for (const [AllocationId, InstanceId] of [
    [a.id, other],
    [b.id, instance],
  ] as const)
    expect(await code('AssociateAddress', { AllocationId, InstanceId, AllowReassociation: false })).toBe(
      'Resource.AlreadyAssociated',
    )
  await associated({ AllocationId: a.id, InstanceId: other, AllowReassociation: true })
  expect(texts(await described(filter('instance-id', other)), 'allocationId')).toEqual([a.id])
  expect(texts(await described(filter('instance-id', instance)), 'allocationId')).toEqual([])
})

describe('EC2 has a code for it', () => {
  const NONE = 'eipalloc-00000000000000009'
  test.each<[string, string, Parameters, string]>([
    ['a domain of EC2-Classic', 'AllocateAddress', { Domain: 'standard' }, 'UnsupportedOperation'],
    [
      'an address of one’s own pool in the customer’s network',
      'AllocateAddress',
      { CustomerOwnedIpv4Pool: 'x' },
      'UnsupportedOperation',
    ],
    ['a pool that is none', 'AllocateAddress', { PublicIpv4Pool: 'mine' }, 'InvalidPublicIpv4PoolID.Malformed'],
    [
      'a pool that is not there',
      'AllocateAddress',
      { PublicIpv4Pool: 'ipv4pool-ec2-00000000000000009' },
      'InvalidPublicIpv4PoolID.NotFound',
    ],
    ['what is no address', 'AllocateAddress', { Address: '1.2.3.400' }, 'InvalidAddress.Malformed'],
    ['an address that is in no pool', 'AllocateAddress', { Address: '192.0.2.1' }, 'InvalidAddress.NotFound'],
    ['no address', 'AssociateAddress', { InstanceId: 'i-00000000000000001' }, 'MissingParameter'],
    [
      'both ways to name it',
      'ReleaseAddress',
      { AllocationId: NONE, PublicIp: '192.0.2.1' },
      'InvalidParameterCombination',
    ],
    ['nothing to disassociate', 'DisassociateAddress', {}, 'MissingParameter'],
    ['an association that is none', 'DisassociateAddress', { AssociationId: 'x' }, 'InvalidAssociationID.NotFound'],
    [
      'an allocation that is not there',
      'DescribeAddresses',
      { 'AllocationId.1': NONE },
      'InvalidAllocationID.NotFound',
    ],
    ['an allocation id that is none', 'DescribeAddresses', { 'AllocationId.1': 'x' }, 'InvalidAllocationID.NotFound'],
    ['an address that is not there', 'DescribeAddresses', { 'PublicIp.1': '192.0.2.1' }, 'InvalidAddress.NotFound'],
    ['an address that is none', 'DescribeAddresses', { 'PublicIp.1': 'x' }, 'InvalidAddress.Malformed'],
    ['another attribute', 'DescribeAddressesAttribute', { Attribute: 'colour' }, 'UnsupportedOperation'],
    [
      'too large a page',
      'DescribeAddressesAttribute',
      { Attribute: 'domain-name', MaxResults: 1001 },
      'InvalidParameterValue',
    ],
  ])('%s', async (_what, action, parameters, expected) => {
    expect(await code(action, parameters)).toBe(expected)
    expect(texts(await described(), 'publicIp')).toEqual([])
  })

  test('of targets: instance, interface, private address', async () => {
    const AllocationId = (await allocated()).id
    const at = (parameters: Parameters) => code('AssociateAddress', { AllocationId, ...parameters })
    expect(await at({})).toBe('MissingParameter')
    expect(await at({ InstanceId: 'i-1' })).toBe('InvalidInstanceID.Malformed')
    expect(await at({ InstanceId: 'i-00000000000000009' })).toBe('InvalidInstanceID.NotFound')
    expect(await at({ NetworkInterfaceId: 'eni-00000000000000009' })).toBe('InvalidNetworkInterfaceID.NotFound')
    expect(await at({ InstanceId: await launched(), NetworkInterfaceId: eni })).toBe('InvalidParameterCombination')
    expect(await at({ InstanceId: instance, PrivateIpAddress: '10.255.255.1' })).toBe('InvalidParameterValue')
    expect(await at({ InstanceId: await launched(bob) })).toBe('InvalidInstanceID.NotFound')
  })

  test('AddressLimitExceeded, InsufficientAddressCapacity, and an address that is leased', async () => {
    const few = (await site.project(`few-${tenants}`, { addresses: 1 })).caller
    const { ip } = await allocated({}, few)
    expect(await code('AllocateAddress', {}, few)).toBe('AddressLimitExceeded')
    expect(await code('AllocateAddress', { Address: ip })).toBe('InvalidIPAddress.InUse')
    const order = { name: 'tiny', cidr: '198.51.100.0/30', gateway: '198.51.100.1', bridge: 'br0', isPublic: true }
    await site.first.operations.addNetwork(OPERATOR, order)
    const pools = await xml('DescribePublicIpv4Pools')
    const PublicIpv4Pool = texts(pools, 'poolId')[texts(pools, 'totalAddressCount').indexOf('1')] ?? ''
    const { id } = await allocated({ PublicIpv4Pool, Address: '198.51.100.2' })
    expect(await code('AllocateAddress', { PublicIpv4Pool })).toBe('InsufficientAddressCapacity')
    expect(
      texts(await xml('DescribePublicIpv4Pools', { 'PoolId.1': PublicIpv4Pool }), 'totalAvailableAddressCount'),
    ).toEqual(['0'])
    await xml('ReleaseAddress', { AllocationId: id })
    await site.first.operations.removeNetwork(OPERATOR, 'tiny')
  })
})

test("another project's address does not exist", async () => {
  const { id, ip } = await allocated({}, bob)
  expect(texts(await described(), 'publicIp')).toEqual([])
  for (const [action, more] of [
    ['ReleaseAddress', {}],
    ['AssociateAddress', { InstanceId: instance }],
  ] as const) {
    expect(await code(action, { AllocationId: id, ...more })).toBe('InvalidAllocationID.NotFound')
    expect(await code(action, { PublicIp: ip, ...more })).toBe('InvalidAddress.NotFound')
  }
  expect(await code('CreateTags', { 'ResourceId.1': id, 'Tag.1.Key': 'a', 'Tag.1.Value': 'b' })).toBe(
    'InvalidAllocationID.NotFound',
  )
})

test('DryRun checks and changes nothing', async () => {
  const { id } = await allocated()
  const dry = { DryRun: true }
  for (const [action, parameters] of [
    ['AllocateAddress', {}],
    ['AssociateAddress', { AllocationId: id, InstanceId: instance }],
    ['ReleaseAddress', { AllocationId: id }],
  ] as const)
    await expect(xml(action, { ...parameters, ...dry })).rejects.toThrow(/DryRunOperation/)
  expect(texts(await described(), 'allocationId')).toEqual([id])
  expect(await described()).not.toContain('eipassoc-')
})

test('DescribeAccountAttributes tells the limit', async () => {
  const told = await xml('DescribeAccountAttributes', { 'AttributeName.1': 'max-elastic-ips' })
  expect(texts(told, 'attributeValue')).toEqual(['50'])
})

describe('the SDK', () => {
  let server: Ec2Server
  let ec2: EC2Client
  beforeEach(async () => {
    server = await startEc2({ operations: site.first.operations, clock: { now: () => Date.now() } })
    const { accessKeyId, secretAccessKey } = ann.key
    const credentials = { accessKeyId, secretAccessKey }
    ec2 = new EC2Client({ endpoint: server.url, region: 'local-1', credentials, maxAttempts: 1 })
  })
  afterEach(async () => {
    ec2.destroy()
    await server.stop()
  })

  test('pages through DescribeAddressesAttribute', async () => {
    const made: string[] = []
    for (let n = 0; n < 5; n += 1) {
      made.push((await allocated()).id)
    }
    const pages: (string | undefined)[][] = []
    const query = { Attribute: 'domain-name' as const }
    for await (const page of paginateDescribeAddressesAttribute({ client: ec2, pageSize: 2 }, query))
      pages.push((page.Addresses ?? []).map(({ AllocationId }) => AllocationId))
    expect(pages).toEqual([made.slice(0, 2), made.slice(2, 4), made.slice(4)])
  })
})
