import { call, codeOf, faultOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { ann, bob, type FakeOperations, fakeOperations } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

let operations: FakeOperations
beforeEach(() => {
  operations = fakeOperations()
})

const order = { MinCount: 1, MaxCount: 1, ImageId: 'ami-00000000000000001' }
const run = (more: Parameters = {}) => xmlOf('RunInstances', { ...order, ...more }, { operations })
const refused = (more: Parameters = {}) => codeOf('RunInstances', { ...order, ...more }, { operations })

test('an order reaches the operation as it was meant', async () => {
  await run({
    MinCount: 2,
    MaxCount: 3,
    InstanceType: 't2.micro',
    KeyName: 'mine',
    UserData: 'aGVsbG8=',
    'Placement.AvailabilityZone': 'local-1b',
    'Placement.Tenancy': 'default',
    'TagSpecification.1.ResourceType': 'instance',
    'TagSpecification.1.Tag.1.Key': 'Name',
    'TagSpecification.1.Tag.1.Value': 'web',
    'TagSpecification.1.Tag.2.Key': '__proto__',
    'TagSpecification.1.Tag.2.Value': 'x',
  })
  const [given] = operations.orders
  expect(given).toMatchObject({
    minCount: 2,
    maxCount: 3,
    image: operations.images[0]?.id,
    type: 't2.micro',
    keyName: 'mine',
    userData: 'aGVsbG8=',
    zone: 'local-1b',
  })
  expect(Object.entries(given?.tags ?? {})).toEqual([
    ['Name', 'web'],
    ['__proto__', 'x'],
  ])
})

test('what is left out is left to the site', async () => {
  await run()
  expect(operations.orders).toEqual([{ minCount: 1, maxCount: 1, image: operations.images[0]?.id, tags: {} }])
})

test('golden: three machines in one reservation', async () => {
  const xml = await run({
    MaxCount: 3,
    'TagSpecification.1.ResourceType': 'instance',
    'TagSpecification.1.Tag.1.Key': 'Name',
    'TagSpecification.1.Tag.1.Value': 'a < b',
  })
  expect(texts(xml, 'reservationId')).toHaveLength(1)
  expect(texts(xml, 'amiLaunchIndex')).toEqual(['0', '1', '2'])
  expectGolden('ec2/RunInstances.xml', pretty(xml))
})

test('user data is in no answer', async () => {
  const xml = await run({ UserData: Buffer.from('#!/bin/sh\nsecret').toString('base64') })
  expect(xml).not.toContain(Buffer.from('secret').toString('base64').slice(0, 6))
})

test('a public address at the launch is refused with what to do instead; none is what every machine has', async () => {
  const asked = { ...order, 'NetworkInterface.1.DeviceIndex': 0, 'NetworkInterface.1.AssociatePublicIpAddress': true }
  const { kind, message } = await faultOf('RunInstances', asked, { operations })
  expect(kind).toBe('unsupported')
  expect(message).toMatch(/NetworkInterface\.1\.AssociatePublicIpAddress .*AllocateAddress.*AssociateAddress/)
  await run({ 'NetworkInterface.1.DeviceIndex': 0, 'NetworkInterface.1.AssociatePublicIpAddress': false })
  expect(operations.orders).toHaveLength(1)
})

describe('ClientToken', () => {
  test('the same order under the same token makes nothing new, however its parameters are ordered', async () => {
    const first = await run({ ClientToken: 't-1', KeyName: 'k', InstanceType: 't2.nano' })
    const again = await run({ InstanceType: 't2.nano', KeyName: 'k', ClientToken: 't-1' })
    expect(texts(again, 'instanceId')).toEqual(texts(first, 'instanceId'))
    expect(operations.computes.size).toBe(1)
    expect(texts(first, 'clientToken')).toEqual(['t-1'])
  })

  test.each<[string, Parameters]>([
    ['another count', { MaxCount: 2 }],
    ['another type', { InstanceType: 't2.micro' }],
    ['a tag', { 'TagSpecification.1.ResourceType': 'instance', 'TagSpecification.1.Tag.1.Key': 'a' }],
    ['user data', { UserData: 'aGVsbG8=' }],
  ])('%s under the same token is refused', async (_what, more) => {
    await run({ ClientToken: 't-1' })
    expect(await refused({ ClientToken: 't-1', ...more })).toBe('IdempotentParameterMismatch')
  })

  test('the same order gets the same machines after its image was deleted', async () => {
    const first = await run({ ClientToken: 't-1' })
    operations.images.length = 0
    expect(texts(await run({ ClientToken: 't-1' }), 'instanceId')).toEqual(texts(first, 'instanceId'))
    expect(await refused({ ClientToken: 't-1', MaxCount: 2 })).toBe('IdempotentParameterMismatch')
    expect(await refused({ ClientToken: 't-2' })).toBe('InvalidAMIID.NotFound')
    expect(await refused({ ClientToken: 't-1', DryRun: true })).toBe('InvalidAMIID.NotFound')
    expect(await codeOf('RunInstances', { ...order, ClientToken: 't-1' }, { operations, caller: bob })).toBe(
      'InvalidAMIID.NotFound',
    )
  })

  test('DryRun is not part of the order', async () => {
    await run({ ClientToken: 't-1' })
    expect((await call('RunInstances', { ...order, ClientToken: 't-1', DryRun: true }, { operations })).status).toBe(
      412,
    )
  })
})

test.each<[string, string, Parameters]>([
  ['an image id of another form', 'InvalidAMIID.Malformed', { ImageId: 'debian-12' }],
  ['an image that is not there', 'InvalidAMIID.NotFound', { ImageId: 'ami-0000000000000000f' }],
  ['no image', 'MissingParameter', { ImageId: '' }],
  ['a subnet that is not there', 'InvalidSubnetID.NotFound', { SubnetId: 'subnet-1' }],
  ['tags for nothing', 'MissingParameter', { 'TagSpecification.1.Tag.1.Key': 'x' }],
  [
    'a tag without a key',
    'MissingParameter',
    { 'TagSpecification.1.ResourceType': 'instance', 'TagSpecification.1.Tag.1.Value': 'x' },
  ],
  [
    'a tag twice',
    'InvalidParameterValue',
    {
      'TagSpecification.1.ResourceType': 'instance',
      'TagSpecification.1.Tag.1.Key': 'x',
      'TagSpecification.1.Tag.2.Key': 'x',
    },
  ],
  ['a group of hosts', 'UnsupportedOperation', { 'Placement.HostResourceGroupArn': 'arn:aws:x' }],
  ['a placement group that is not there', 'InvalidPlacementGroup.Unknown', { 'Placement.GroupName': 'near' }],
  ['a group that is not there', 'InvalidGroup.NotFound', { 'SecurityGroup.1': 'web' }],
  ['no id of a group', 'InvalidGroupId.Malformed', { 'SecurityGroupId.1': 'sg-1' }],
  ['a second disk without a size', 'MissingParameter', { 'BlockDeviceMapping.1.DeviceName': '/dev/sdb' }],
  [
    'a disk from a snapshot that is none',
    'InvalidSnapshotID.Malformed',
    { 'BlockDeviceMapping.1.DeviceName': '/dev/sdb', 'BlockDeviceMapping.1.Ebs.SnapshotId': 'snap-1' },
  ],
  [
    'a root disk from a snapshot',
    'UnsupportedOperation',
    { 'BlockDeviceMapping.1.DeviceName': '/dev/sda1', 'BlockDeviceMapping.1.Ebs.SnapshotId': 'snap-1' },
  ],
  [
    'an encrypted disk',
    'UnsupportedOperation',
    { 'BlockDeviceMapping.1.DeviceName': '/dev/sda1', 'BlockDeviceMapping.1.Ebs.Encrypted': true },
  ],
  [
    'an instance store',
    'UnsupportedOperation',
    { 'BlockDeviceMapping.1.DeviceName': '/dev/sdb', 'BlockDeviceMapping.1.VirtualName': 'ephemeral0' },
  ],
  [
    'a device twice',
    'InvalidParameterValue',
    { 'BlockDeviceMapping.1.DeviceName': '/dev/sdb', 'BlockDeviceMapping.2.DeviceName': '/dev/sdb' },
  ],
  [
    'a root disk that stays',
    'UnsupportedOperation',
    { 'BlockDeviceMapping.1.DeviceName': '/dev/sda1', 'BlockDeviceMapping.1.Ebs.DeleteOnTermination': false },
  ],
  ['spot', 'UnsupportedOperation', { 'InstanceMarketOptions.MarketType': 'spot' }],
  ['another interface', 'UnsupportedOperation', { 'NetworkInterface.1.DeviceIndex': 1 }],
  ['credits of another kind', 'UnsupportedOperation', { 'CreditSpecification.CpuCredits': 'endless' }],
  ['a profile', 'UnsupportedOperation', { 'IamInstanceProfile.Name': 'p' }],
])('refused: %s (%s)', async (_what, code, more) => {
  expect(await refused(more)).toBe(code)
  expect(operations.computes.size).toBe(0)
})

test('a refusal names the parameter as it was sent', async () => {
  const failure = await faultOf('RunInstances', { ...order, KernelId: 'aki-1' }, { operations })
  expect(failure.message).toBe('The parameter KernelId is not supported by this gateway')
  expect(failure.detail.field).toBe('KernelId')
  const nic = { ...order, 'NetworkInterface.1.PrivateIpAddress': '10.0.0.9' }
  expect((await faultOf('RunInstances', nic, { operations })).detail.field).toBe('NetworkInterface.1.PrivateIpAddress')
})

test('what asks for what is done anyway is accepted', async () => {
  await run({
    'SecurityGroup.1': 'default',
    SubnetId: 'subnet-00000000000000001',
    EbsOptimized: false,
    'Monitoring.Enabled': false,
    DisableApiTermination: false,
    InstanceInitiatedShutdownBehavior: 'stop',
    'BlockDeviceMapping.1.DeviceName': '/dev/sda1',
    'BlockDeviceMapping.1.Ebs.VolumeSize': 8,
    'BlockDeviceMapping.1.Ebs.DeleteOnTermination': true,
    'Placement.Tenancy': 'default',
    AddressingType: 'public',
  })
  expect(operations.computes.size).toBe(1)
})

test.each(['standard', 'unlimited'])(
  'CPU credits are %s, as Terraform and Packer say of burstable types',
  async (credits) => {
    const words = { InstanceType: 't2.micro', 'CreditSpecification.CpuCredits': credits }
    expect(texts(await run(words), 'instanceType')).toEqual(['t2.micro'])
  },
)

test('DryRun checks everything, makes nothing, and says so with 412', async () => {
  const answer = await call('RunInstances', { ...order, DryRun: true }, { operations })
  expect(answer.status).toBe(412)
  expect(texts(answer.body, 'Code')).toEqual(['DryRunOperation'])
  expect(operations.orders).toMatchObject([{ dryRun: true }])
  expect(operations.computes.size).toBe(0)
  expect(await refused({ DryRun: true, ImageId: 'ami-1' })).toBe('InvalidAMIID.Malformed')
})

test('machines belong to who ordered them', async () => {
  const xml = await xmlOf('RunInstances', order, { operations, caller: bob })
  expect(texts(xml, 'ownerId')).toContain(bob.account)
  expect(texts(xml, 'ownerId')).not.toContain(ann.account)
})

test('the type of the root disk is kept, shown and found, as that of other volumes', async () => {
  const mapped = { 'BlockDeviceMapping.1.DeviceName': '/dev/sda1', 'BlockDeviceMapping.1.Ebs.VolumeType': 'gp3' }
  const [instance = ''] = texts(await run(mapped), 'instanceId')
  await run()
  const found = async (value: string) => {
    const filters = { 'Filter.1.Name': 'volume-type', 'Filter.1.Value.1': value }
    const shown = await xmlOf('DescribeVolumes', filters, { operations })
    return [texts(shown, 'volumeType'), texts(shown, 'instanceId')]
  }
  expect(await found('gp3')).toEqual([['gp3'], [instance]])
  expect((await found('gp2'))[0]).toEqual(['gp2'])
  const told = await xmlOf('GetLaunchTemplateData', { InstanceId: instance }, { operations })
  expect(texts(told, 'volumeType')).toEqual(['gp3'])
  expect(await refused({ ...mapped, 'BlockDeviceMapping.1.Ebs.VolumeType': 'io2' })).toBe('InvalidParameterValue')
})

test('a larger root disk, empty volumes, and tags for all of them', async () => {
  const xml = await run({
    'BlockDeviceMapping.1.DeviceName': '/dev/sda1',
    'BlockDeviceMapping.1.Ebs.VolumeSize': 20,
    'BlockDeviceMapping.2.DeviceName': '/dev/sdb',
    'BlockDeviceMapping.2.Ebs.VolumeSize': 5,
    'BlockDeviceMapping.3.DeviceName': '/dev/sdc',
    'BlockDeviceMapping.3.Ebs.VolumeSize': 6,
    'BlockDeviceMapping.3.Ebs.DeleteOnTermination': false,
    'BlockDeviceMapping.4.DeviceName': '/dev/sdd',
    'BlockDeviceMapping.4.NoDevice': '',
    'TagSpecification.1.ResourceType': 'volume',
    'TagSpecification.1.Tag.1.Key': 'Name',
    'TagSpecification.1.Tag.1.Value': 'disk',
  })
  expect(texts(xml, 'rootDeviceName')).toEqual(['/dev/sda1'])
  const tags = { Name: 'disk' }
  expect(operations.orders[0]).toMatchObject({
    tags: {},
    rootGiB: 20,
    rootTags: tags,
    newVolumes: [
      { sizeGiB: 5, type: 'gp2', device: '/dev/sdb', deleteOnTermination: true, tags },
      { sizeGiB: 6, type: 'gp2', device: '/dev/sdc', deleteOnTermination: false, tags },
    ],
  })
})

test('tags of the network interface, as Packer gives them beside those of the instance', async () => {
  const words = (n: number, type: string): Parameters => ({
    [`TagSpecification.${n}.ResourceType`]: type,
    [`TagSpecification.${n}.Tag.1.Key`]: 'Name',
    [`TagSpecification.${n}.Tag.1.Value`]: `of ${type}`,
  })
  await run({ ...words(1, 'instance'), ...words(2, 'network-interface') })
  expect(operations.orders[0]).toMatchObject({
    tags: { Name: 'of instance' },
    interfaceTags: { Name: 'of network-interface' },
  })
  expect(await refused(words(1, 'spot-instances-request'))).toBe('UnsupportedOperation')
})

test('a profile and a subnet that are named and empty, as Packer sends them, are none', async () => {
  const xml = await xmlOf('RunInstances', { ...order, 'IamInstanceProfile.Name': '', SubnetId: '' }, { operations })
  expect(texts(xml, 'instanceId')).toHaveLength(1)
})
