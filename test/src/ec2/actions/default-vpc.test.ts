/** The default VPC and its subnets: views with stable ids, the same wherever they are shown. */
import { call, codeOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { ann, bob, type FakeOperations, fakeOperations } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

let operations: FakeOperations
beforeEach(() => {
  operations = fakeOperations()
})
const filter = (name: string, value: string): Parameters => ({ 'Filter.1.Name': name, 'Filter.1.Value.1': value })
const vpcs = async (more: Parameters = {}, caller = {}) =>
  texts(await xmlOf('DescribeVpcs', more, { operations, ...caller }), 'vpcId')
const subnets = async (more: Parameters = {}, caller = {}) =>
  texts(await xmlOf('DescribeSubnets', more, { operations, ...caller }), 'subnetId')
const order = { MinCount: 1, MaxCount: 1, ImageId: 'ami-00000000000000001' }

test('golden: DescribeVpcs', async () => {
  expectGolden('ec2/DescribeVpcs.xml', pretty(await xmlOf('DescribeVpcs', {}, { operations })))
})

test('golden: DescribeSubnets', async () => {
  expectGolden('ec2/DescribeSubnets.xml', pretty(await xmlOf('DescribeSubnets', {}, { operations })))
})

test('a site without a network has none of either', async () => {
  const { image, type } = operations.defaults()
  operations.defaults = () => ({ image, type, network: undefined })
  expect(await vpcs()).toEqual([])
  expect(await subnets()).toEqual([])
})

test('each project has its own, and they do not change', async () => {
  const [mine = ''] = await vpcs()
  const [theirs = ''] = await vpcs({}, { caller: bob })
  expect(mine).toMatch(/^vpc-[0-9a-f]{17}$/)
  expect(theirs).not.toBe(mine)
  expect(await vpcs()).toEqual([mine])
  expect(await codeOf('DescribeVpcs', { 'VpcId.1': theirs }, { operations })).toBe('InvalidVpcID.NotFound')
  const both = [...(await subnets()), ...(await subnets({}, { caller: bob }))]
  expect(new Set(both).size).toBe(8)
})

test.each<[string, string, number]>([
  ['isDefault', 'true', 1],
  ['is-default', 'true', 1],
  ['isDefault', 'false', 0],
  ['cidr', '10.0.0.0/16', 1],
  ['cidr-block-association.cidr-block', '10.*', 1],
  ['cidr-block-association.association-id', 'vpc-cidr-assoc-*', 1],
  ['cidr-block-association.state', 'associated', 1],
  ['dhcp-options-id', 'default', 1],
  ['state', 'available', 1],
  ['owner-id', '123456789012', 1],
  ['vpc-id', 'vpc-*', 1],
  ['tag:Name', '*', 0],
  ['ipv6-cidr-block-association.state', '*', 0],
])('DescribeVpcs by %s=%s', async (name, value, count) => {
  expect(await vpcs(filter(name, value))).toHaveLength(count)
})

test.each<[string, string, number]>([
  ['default-for-az', 'true', 4],
  ['defaultForAz', 'false', 0],
  ['availability-zone', 'local-1b', 1],
  ['availabilityZone', 'local-1b', 1],
  ['availability-zone-id', 'local-1-az3', 1],
  ['availabilityZoneId', 'local-1-az3', 1],
  ['cidr-block', '10.0.0.0/16', 4],
  ['cidr', '10.0.0.0/16', 4],
  ['cidrBlock', '10.1.*', 0],
  ['state', 'available', 4],
  ['owner-id', '123456789012', 4],
  ['subnet-arn', 'arn:aws:ec2:local-1:123456789012:subnet/subnet-*', 4],
  ['map-public-ip-on-launch', 'false', 4],
  ['enable-dns64', 'false', 4],
  ['ipv6-native', 'true', 0],
  ['outpost-arn', '*', 0],
])('DescribeSubnets by %s=%s', async (name, value, count) => {
  expect(await subnets(filter(name, value))).toHaveLength(count)
})

test('subnets by id, by VPC, in pages', async () => {
  const [vpc = ''] = await vpcs()
  const all = await subnets(filter('vpc-id', vpc))
  expect(all).toHaveLength(4)
  expect(await subnets(filter('subnet-id', all[1] ?? ''))).toEqual([all[1]])
  expect(await subnets({ 'SubnetId.1': all[2] ?? '' })).toEqual([all[2]])
  expect(await subnets({ MaxResults: 5 })).toEqual(all)
})

test('a machine is in the VPC and in the subnet of its zone', async () => {
  const all = await subnets()
  const xml = await xmlOf('RunInstances', { ...order, 'Placement.AvailabilityZone': 'local-1c' }, { operations })
  expect(texts(xml, 'vpcId')).toEqual([...(await vpcs()), ...(await vpcs())])
  expect(new Set(texts(xml, 'subnetId'))).toEqual(new Set([all[2]]))
})

test('a subnet asked for is a zone asked for', async () => {
  const [, second = ''] = await subnets()
  await xmlOf('RunInstances', { ...order, SubnetId: second }, { operations })
  expect(operations.orders.at(-1)?.zone).toBe('local-1b')
  await xmlOf('RunInstances', { ...order, SubnetId: second, 'Placement.AvailabilityZone': 'local-1b' }, { operations })
  const wrong = { ...order, SubnetId: second, 'Placement.AvailabilityZone': 'local-1a' }
  expect(await codeOf('RunInstances', wrong, { operations })).toBe('InvalidParameterCombination')
  const [theirs = ''] = await subnets({}, { caller: bob })
  expect(await codeOf('RunInstances', { ...order, SubnetId: theirs }, { operations })).toBe('InvalidSubnetID.NotFound')
})

test('golden: DescribeVpcAttribute', async () => {
  const [VpcId = ''] = await vpcs()
  const of = (Attribute: string) => ({ VpcId, Attribute })
  const xml = await xmlOf('DescribeVpcAttribute', of('enableDnsHostnames'), { operations })
  expectGolden('ec2/DescribeVpcAttribute.xml', pretty(xml))
  for (const [attribute, tag] of [
    ['enableDnsSupport', 'enableDnsSupport'],
    ['enableNetworkAddressUsageMetrics', 'enableNetworkAddressUsageMetrics'],
  ] as const)
    expect(await xmlOf('DescribeVpcAttribute', of(attribute), { operations })).toContain(
      `<${tag}><value>false</value></${tag}>`,
    )
  expect(await codeOf('DescribeVpcAttribute', of('colour'), { operations })).toBe('InvalidParameterValue')
})

test.each<[string, Parameters, string]>([
  ['DescribeVpcs', { 'VpcId.1': 'mine' }, 'InvalidVpcID.Malformed'],
  ['DescribeVpcs', { 'VpcId.1': 'vpc-00000000000000001' }, 'InvalidVpcID.NotFound'],
  ['DescribeVpcs', filter('colour', 'red'), 'InvalidParameterValue'],
  ['DescribeVpcs', { 'VpcId.1': 'vpc-00000000000000001', MaxResults: 5 }, 'InvalidParameterCombination'],
  ['DescribeSubnets', { 'SubnetId.1': 'mine' }, 'InvalidSubnetID.Malformed'],
  ['DescribeSubnets', { 'SubnetId.1': 'subnet-00000000000000001' }, 'InvalidSubnetID.NotFound'],
  ['DescribeSubnets', { MaxResults: 1 }, 'InvalidParameterValue'],
  ['DescribeVpcAttribute', { VpcId: 'vpc-00000000000000001', Attribute: 'enableDnsSupport' }, 'InvalidVpcID.NotFound'],
  ['DescribeVpcAttribute', {}, 'MissingParameter'],
])('refused: %s %j', async (action, parameters, code) => {
  expect(await codeOf(action, parameters, { operations })).toBe(code)
})

test('DryRun', async () => {
  expect((await call('DescribeVpcs', { DryRun: true }, { operations })).status).toBe(412)
})

describe('a network of the project’s own', () => {
  let own: Awaited<ReturnType<FakeOperations['createNetwork']>>
  beforeEach(async () => {
    own = await operations.createNetwork(ann, { title: 'back', cidr: '172.20.0.0/24' })
  })
  const shown = () => xmlOf('DescribeSubnets', { 'SubnetId.1': own.wish.subnet }, { operations })

  test('is a subnet of its default VPC, to nobody else, and its range is one of the VPC’s', async () => {
    const xml = await shown()
    expect(texts(xml, 'cidrBlock')).toEqual(['172.20.0.0/24'])
    expect(texts(xml, 'vpcId')).toEqual(await vpcs())
    expect(texts(xml, 'defaultForAz')).toEqual(['false'])
    // It lies in all of several zones.
    expect(texts(xml, 'availabilityZone')).toEqual([])
    expect(await subnets()).toContain(own.wish.subnet)
    expect(await subnets({}, { caller: bob })).not.toContain(own.wish.subnet)
    expect(await vpcs(filter('cidr-block-association.cidr-block', '172.20.0.0/24'))).toHaveLength(1)
    const asked = { 'SubnetId.1': own.wish.subnet }
    expect(await codeOf('DescribeSubnets', asked, { operations, caller: bob })).toBe('InvalidSubnetID.NotFound')
  })

  test('takes machines, which say that they are there, and is found by them', async () => {
    const xml = await xmlOf('RunInstances', { ...order, SubnetId: own.wish.subnet }, { operations })
    expect(new Set(texts(xml, 'subnetId'))).toEqual(new Set([own.wish.subnet]))
    expect(texts(xml, 'privateIpAddress')[0]).toMatch(/^172\.20\.0\./)
    const found = await xmlOf('DescribeInstances', filter('subnet-id', own.wish.subnet), { operations })
    expect(texts(found, 'instanceId')).toEqual(texts(xml, 'instanceId'))
    const asked = { ...order, SubnetId: own.wish.subnet }
    expect(await codeOf('RunInstances', asked, { operations, caller: bob })).toBe('InvalidSubnetID.NotFound')
  })

  test('an interface that was linked later is there with its number and its own subnet', async () => {
    const ran = await xmlOf('RunInstances', order, { operations })
    const [compute] = [...operations.computes.values()]
    if (!compute) throw new Error('no machine')
    await operations.connectInterface(ann, { compute: compute.id, network: own.id })
    const xml = await xmlOf('DescribeInstances', {}, { operations })
    expect(texts(xml, 'deviceIndex')).toEqual(['0', '1'])
    expect(texts(xml, 'subnetId').sort()).toEqual([...texts(ran, 'subnetId'), own.wish.subnet].sort())
    const by = filter('network-interface.subnet-id', own.wish.subnet)
    expect(texts(await xmlOf('DescribeInstances', by, { operations }), 'instanceId')).toHaveLength(1)
  })
})
