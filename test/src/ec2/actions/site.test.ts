import { call, codeOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { fakeOperations } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

const operations = fakeOperations()
const filter = (name: string, value: string): Parameters => ({ 'Filter.1.Name': name, 'Filter.1.Value.1': value })

describe('DescribeRegions', () => {
  const found = async (parameters: Parameters) =>
    texts(await xmlOf('DescribeRegions', parameters, { operations }), 'regionName')

  test('golden', async () => {
    expectGolden('ec2/DescribeRegions.xml', pretty(await xmlOf('DescribeRegions', {}, { operations })))
  })

  test('the one region, by name, by filter, and no other', async () => {
    expect(await found({ 'RegionName.1': 'local-1', AllRegions: true })).toEqual(['local-1'])
    expect(await found(filter('region-name', 'local-*'))).toEqual(['local-1'])
    expect(await found(filter('region-name', 'eu-*'))).toEqual([])
    expect(await found(filter('endpoint', '127.0.0.1:8787'))).toEqual(['local-1'])
    expect(await found(filter('opt-in-status', 'opt-in-not-required'))).toEqual(['local-1'])
    expect(await codeOf('DescribeRegions', { 'RegionName.1': 'eu-west-1' }, { operations })).toBe(
      'InvalidParameterValue',
    )
  })
})

describe('DescribeAvailabilityZones', () => {
  const found = async (parameters: Parameters) =>
    texts(await xmlOf('DescribeAvailabilityZones', parameters, { operations }), 'zoneName')

  test('golden', async () => {
    const xml = await xmlOf('DescribeAvailabilityZones', {}, { operations })
    expectGolden('ec2/DescribeAvailabilityZones.xml', pretty(xml))
  })

  test('by name, id and filter', async () => {
    expect(await found({})).toEqual(['local-1a', 'local-1b', 'local-1c', 'local-1d'])
    expect(await found({ 'ZoneName.1': 'local-1c' })).toEqual(['local-1c'])
    expect(await found({ 'ZoneId.1': 'local-1-az2' })).toEqual(['local-1b'])
    expect(await found(filter('zone-name', '*d'))).toEqual(['local-1d'])
    expect(await found(filter('zone-id', '*-az1'))).toEqual(['local-1a'])
    expect(await found(filter('state', 'available'))).toHaveLength(4)
    for (const [name, value] of [
      ['region-name', 'local-1'],
      ['group-name', 'local-1'],
      ['zone-type', 'availability-zone'],
      ['opt-in-status', 'opt-in-not-required'],
    ] as const)
      expect(await found(filter(name, value))).toHaveLength(4)
    expect(await found(filter('message', '*'))).toEqual([])
    expect(await codeOf('DescribeAvailabilityZones', { 'ZoneName.1': 'mars' }, { operations })).toBe(
      'InvalidParameterValue',
    )
  })

  test('a zone without an enabled host is unavailable; one that the operator named himself is its own id', async () => {
    const odd = { ...operations, listZones: async () => [{ name: 'cellar', enabled: false, hosts: 1 }] }
    const xml = await xmlOf('DescribeAvailabilityZones', {}, { operations: odd })
    expect(texts(xml, 'zoneState')).toEqual(['unavailable'])
    expect(texts(xml, 'zoneId')).toEqual(['cellar'])
  })
})

describe('DescribeInstanceTypes', () => {
  const found = async (parameters: Parameters) =>
    texts(await xmlOf('DescribeInstanceTypes', parameters, { operations }), 'instanceType')

  test('golden', async () => {
    const xml = await xmlOf('DescribeInstanceTypes', { 'InstanceType.1': 't2.micro' }, { operations })
    expectGolden('ec2/DescribeInstanceTypes.xml', pretty(xml))
  })

  test('by name and filter', async () => {
    expect(await found({})).toEqual(['t2.nano', 't2.micro', 'm1.small'])
    expect(await found(filter('instance-type', 't2.*'))).toEqual(['t2.nano', 't2.micro'])
    expect(await found(filter('memory-info.size-in-mib', '1740'))).toEqual(['m1.small'])
    for (const [name, value] of [
      ['vcpu-info.default-vcpus', '1'],
      ['vcpu-info.default-cores', '1'],
      ['vcpu-info.default-threads-per-core', '1'],
      ['current-generation', 'true'],
      ['bare-metal', 'false'],
      ['hypervisor', 'xen'],
      ['processor-info.supported-architecture', 'x86_64'],
      ['supported-root-device-type', 'ebs'],
      ['supported-usage-class', 'on-demand'],
      ['supported-virtualization-type', 'hvm'],
      ['hibernation-supported', 'true'],
      ['free-tier-eligible', 'false'],
      ['auto-recovery-supported', 'false'],
      ['burstable-performance-supported', 'false'],
      ['dedicated-hosts-supported', 'false'],
      ['instance-storage-supported', 'false'],
      ['ebs-info.ebs-optimized-support', 'unsupported'],
      ['ebs-info.encryption-support', 'unsupported'],
      ['ebs-info.nvme-support', 'unsupported'],
      ['network-info.maximum-network-interfaces', '1'],
      ['network-info.ipv4-addresses-per-interface', '1'],
      ['network-info.ipv6-supported', 'false'],
    ] as const)
      expect({ name, types: (await found(filter(name, value))).length }).toEqual({ name, types: 3 })
    expect(await found(filter('nitro-tpm-support', '*'))).toEqual([])
  })

  test('refusals', async () => {
    const code = (parameters: Parameters) => codeOf('DescribeInstanceTypes', parameters, { operations })
    expect(await code({ 'InstanceType.1': 'x9.huge' })).toBe('InvalidInstanceType')
    expect(await code({ MaxResults: 101 })).toBe('InvalidParameterValue')
    expect(await code({ MaxResults: 5, 'InstanceType.1': 't2.nano' })).toBe('InvalidParameterCombination')
    expect(await code(filter('colour', 'red'))).toBe('InvalidParameterValue')
  })
})

test.each(['DescribeRegions', 'DescribeAvailabilityZones', 'DescribeInstanceTypes', 'DescribeImages', 'DescribeTags'])(
  '%s with DryRun says that it would have worked',
  async (action) => {
    expect((await call(action, { DryRun: true }, { operations })).status).toBe(412)
  },
)

test('actions that are known, unknown, missing', async () => {
  expect(await codeOf('CreateVpc', {}, { operations })).toBe('UnsupportedOperation')
  expect(await codeOf('MakeCoffee', {}, { operations })).toBe('InvalidAction')
  expect(await codeOf('describeRegions', {}, { operations })).toBe('InvalidAction')
  expect(await codeOf('__proto__', {}, { operations })).toBe('InvalidAction')
  expect(await codeOf('', {}, { operations })).toBe('MissingAction')
})
