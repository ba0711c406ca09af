import { call, codeOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { bob, type FakeOperations, fakeOperations } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

let operations: FakeOperations
let instance: string
let compute: string
beforeEach(async () => {
  operations = fakeOperations()
  await xmlOf('RunInstances', { MinCount: 1, MaxCount: 1, ImageId: 'ami-00000000000000001' }, { operations })
  const [record] = operations.computes.values()
  instance = record?.wish.name ?? ''
  compute = record?.id ?? ''
})

const xml = (action: string, parameters: Parameters = {}) => xmlOf(action, parameters, { operations })
const code = (action: string, parameters: Parameters = {}) => codeOf(action, parameters, { operations })
const zone = { AvailabilityZone: 'local-1a' }
const one = async (parameters: Parameters = {}): Promise<string> =>
  texts(await xml('CreateVolume', { ...zone, Size: 3, ...parameters }), 'volumeId')[0] ?? ''
const attach = (VolumeId: string, Device = '/dev/sdf') =>
  xml('AttachVolume', { VolumeId, InstanceId: instance, Device })
const recordOf = (name: string) => [...operations.storages.values()].find((record) => record.wish.name === name)

/** Volumes' names are drawn: they are told apart by their order. */
function golden(name: string, text: string): void {
  const drawn = [...operations.storages.values()].map((record) => record.wish.name)
  const fixed = drawn.reduce((sofar, one, at) => sofar.replaceAll(one, `vol-${String(at + 1).padStart(17, '9')}`), text)
  expectGolden(`ec2/${name}.xml`, pretty(fixed))
}
const tag = (type: string) => ({
  'TagSpecification.1.ResourceType': type,
  'TagSpecification.1.Tag.1.Key': 'Name',
  'TagSpecification.1.Tag.1.Value': 'data',
})

test('golden: CreateVolume, with tags', async () => {
  const made = await xml('CreateVolume', { ...zone, Size: 3, VolumeType: 'gp3', ...tag('volume') })
  expect([...operations.storages.values()][0]?.wish).toMatchObject({
    sizeGiB: 3,
    zone: 'local-1a',
    type: 'gp3',
    tags: { Name: 'data' },
    holder: null,
  })
  golden('CreateVolume', made.replace(/<createTime>[^<]*/, '<createTime>'))
})

test.each<[string, string, Parameters]>([
  ['no size', 'MissingParameter', { ...zone }],
  ['no zone', 'MissingParameter', { Size: 1 }],
  ['a size of nothing', 'InvalidParameterValue', { ...zone, Size: 0 }],
  ['a size that no volume has', 'InvalidParameterValue', { ...zone, Size: 16385 }],
  ['a zone that is none', 'InvalidParameterValue', { AvailabilityZone: 'nowhere-1a', Size: 1 }],
  ['a snapshot that is not there', 'InvalidSnapshot.NotFound', { ...zone, SnapshotId: 'snap-00000000000000001' }],
  ['encryption', 'UnsupportedOperation', { ...zone, Size: 1, Encrypted: true }],
  ['Iops that gp3 has not by itself', 'UnsupportedOperation', { ...zone, Size: 1, VolumeType: 'gp3', Iops: 4000 }],
  ['Throughput of gp2', 'UnsupportedOperation', { ...zone, Size: 1, Throughput: 125 }],
  ['a type that promises more', 'InvalidParameterValue', { ...zone, Size: 1, VolumeType: 'io2' }],
  ['tags of something else', 'InvalidParameterValue', { ...zone, Size: 1, ...tag('instance') }],
])('CreateVolume refuses %s with %s', async (_what, expected, parameters) => {
  expect(await code('CreateVolume', parameters)).toBe(expected)
  expect(operations.storages.size).toBe(0)
})

test('CreateVolume: the same ClientToken makes one volume; with other parameters it is refused', async () => {
  const first = await one({ ClientToken: 'again' })
  expect(await one({ ClientToken: 'again' })).toBe(first)
  expect(await code('CreateVolume', { ...zone, Size: 4, ClientToken: 'again' })).toBe('IdempotentParameterMismatch')
})

test('ModifyInstanceAttribute: whether a volume ends with its machine', async () => {
  const VolumeId = await one()
  await attach(VolumeId)
  const modify = (ends: boolean, more: Parameters = {}) => ({
    ...{ InstanceId: instance, 'BlockDeviceMapping.1.DeviceName': '/dev/sdf', ...more },
    'BlockDeviceMapping.1.Ebs.DeleteOnTermination': ends,
  })
  const ends = async () => texts(await xml('DescribeVolumes', { 'VolumeId.1': VolumeId }), 'deleteOnTermination')[0]
  expect(await ends()).toBe('false')
  const dry = await call('ModifyInstanceAttribute', modify(true, { DryRun: true }), { operations })
  expect(dry.status).toBe(412)
  expect(await ends()).toBe('false')
  await xml('ModifyInstanceAttribute', modify(true))
  expect(await ends()).toBe('true')
  expect(recordOf(VolumeId)?.wish.holder).toMatchObject({ deleteOnTermination: true })
  await xml('ModifyInstanceAttribute', modify(false))
  expect(await ends()).toBe('false')
})

test('an order that came before is answered as it was then, even where its snapshot is gone', async () => {
  const ordered = { ...zone, SnapshotId: 'snap-00000000000000009', ClientToken: 'before' }
  expect(await code('CreateVolume', ordered)).toBe('InvalidSnapshot.NotFound')
  const first = await one({ ClientToken: 'other' })
  const record = recordOf(first)
  const asked: string[] = []
  const knowing = {
    ...operations,
    createdBefore: async (_caller: unknown, { token }: { readonly token: string }) => {
      asked.push(token)
      return record
    },
  }
  expect(texts(await xmlOf('CreateVolume', ordered, { operations: knowing }), 'volumeId')).toEqual([first])
  expect(asked).toEqual(['before'])
})

test('DryRun changes nothing', async () => {
  const dry = (action: string, parameters: Parameters) => call(action, { ...parameters, DryRun: true }, { operations })
  expect(await dry('CreateVolume', { ...zone, Size: 1 })).toMatchObject({ status: 412 })
  expect(operations.storages.size).toBe(0)
  const VolumeId = await one()
  expect(await dry('AttachVolume', { VolumeId, InstanceId: instance, Device: '/dev/sdf' })).toMatchObject({
    status: 412,
  })
  expect(await dry('ModifyVolume', { VolumeId, Size: 9 })).toMatchObject({ status: 412 })
  expect(await dry('DeleteVolume', { VolumeId })).toMatchObject({ status: 412 })
  expect(recordOf(VolumeId)?.wish).toMatchObject({ exists: true, sizeGiB: 3, holder: null })
})

describe('DescribeVolumes', () => {
  test('golden: a root disk, a free volume and an attached one', async () => {
    await one()
    await attach(await one({ Size: 5 }), 'xvdg')
    golden('DescribeVolumes', await xml('DescribeVolumes'))
  })

  test.each<[string, string, number]>([
    ['status', 'available', 1],
    ['status', 'in-use', 2],
    ['size', '5', 1],
    ['attachment.device', '/dev/sdf', 1],
    ['attachment.status', 'attached', 2],
    ['attachment.delete-on-termination', 'true', 1],
    ['availability-zone', 'local-1?', 3],
    ['volume-type', 'gp2', 3],
    ['encrypted', 'false', 3],
    ['tag:Name', 'd*', 1],
    ['tag-key', 'Name', 1],
    ['snapshot-id', 'snap-00000000000000001', 0],
  ])('filter %s=%s finds %i', async (name, value, found) => {
    await one({ ...tag('volume') })
    await attach(await one({ Size: 5 }))
    const answer = await xml('DescribeVolumes', { 'Filter.1.Name': name, 'Filter.1.Value.1': value })
    expect(texts(answer, 'size')).toHaveLength(found)
  })

  test('by its machine, and by names', async () => {
    const volume = await one()
    await attach(volume)
    const its = await xml('DescribeVolumes', {
      'Filter.1.Name': 'attachment.instance-id',
      'Filter.1.Value.1': instance,
    })
    expect(texts(its, 'size')).toEqual(['8', '3'])
    expect(texts(await xml('DescribeVolumes', { 'VolumeId.1': volume }), 'size')).toEqual(['3'])
    const root = texts(its, 'volumeId')[0] ?? ''
    expect(texts(await xml('DescribeVolumes', { 'VolumeId.1': root }), 'deleteOnTermination')).toEqual(['true'])
  })

  test('pages, and refuses what EC2 refuses', async () => {
    for (let made = 0; made < 6; made += 1) await one()
    const first = await xml('DescribeVolumes', { MaxResults: 5 })
    const [token = ''] = texts(first, 'nextToken')
    const second = await xml('DescribeVolumes', { MaxResults: 5, NextToken: token })
    expect(texts(first, 'size')).toHaveLength(5)
    expect(texts(second, 'size')).toHaveLength(2)
    expect(await code('DescribeVolumes', { MaxResults: 5, 'VolumeId.1': await one() })).toBe(
      'InvalidParameterCombination',
    )
    expect(await code('DescribeVolumes', { 'VolumeId.1': 'vol-00000000000000009' })).toBe('InvalidVolume.NotFound')
    expect(await code('DescribeVolumes', { 'VolumeId.1': 'i-1' })).toBe('InvalidVolumeID.Malformed')
  })

  test("another project's volume does not exist", async () => {
    const VolumeId = await one()
    expect(await codeOf('DeleteVolume', { VolumeId }, { operations, caller: bob })).toBe('InvalidVolume.NotFound')
    expect(texts(await xmlOf('DescribeVolumes', {}, { operations, caller: bob }), 'volumeId')).toEqual([])
  })
})

describe('AttachVolume', () => {
  test('golden: attached, in both listings', async () => {
    const volume = await one()
    golden('AttachVolume', await attach(volume))
    const machine = await xml('DescribeInstances')
    expect(texts(machine, 'volumeId')).toContain(volume)
    expect(texts(machine, 'deviceName')).toEqual(['/dev/sda1', '/dev/sdf'])
  })

  test('a volume has one holder', async () => {
    const VolumeId = await one()
    await attach(VolumeId)
    expect(await code('AttachVolume', { VolumeId, InstanceId: instance, Device: '/dev/sdg' })).toBe('VolumeInUse')
  })

  test.each<[string, string, Parameters]>([
    ['a device that is taken', 'InvalidParameterValue', { Device: '/dev/xvda' }],
    ['a device that is none', 'InvalidParameterValue', { Device: '/etc/passwd' }],
    ['no device', 'MissingParameter', { Device: '' }],
    ['a machine that is not there', 'InvalidInstanceID.NotFound', { InstanceId: 'i-00000000000000099' }],
    ['a volume that is not there', 'InvalidVolume.NotFound', { VolumeId: 'vol-00000000000000099' }],
    ['what is no volume', 'InvalidVolumeID.Malformed', { VolumeId: 'volume' }],
  ])('refuses %s with %s', async (_what, expected, parameters) => {
    const VolumeId = await one()
    expect(await code('AttachVolume', { VolumeId, InstanceId: instance, Device: '/dev/sdf', ...parameters })).toBe(
      expected,
    )
    expect(recordOf(VolumeId)?.wish.holder).toBeNull()
  })

  test('zones and hosts must agree, and the machine must be there', async () => {
    const elsewhere = await one({ AvailabilityZone: 'local-1b' })
    const to = { InstanceId: instance, Device: '/dev/sdf' }
    expect(await code('AttachVolume', { VolumeId: elsewhere, ...to })).toBe('InvalidVolume.ZoneMismatch')
    const placed = await one()
    operations.changeRecord(recordOf(placed)?.id ?? '', { place: { host: 'another' as never, zone: 'local-1a' } })
    expect(await code('AttachVolume', { VolumeId: placed, ...to })).toBe('UnsupportedOperation')
    operations.change(compute, { place: { host: null }, seen: { machine: null, starts: 0 } })
    expect(await code('AttachVolume', { VolumeId: await one(), ...to })).toBe('IncorrectState')
  })

  test('a root disk is in use for good', async () => {
    const [root = ''] = texts(await xml('DescribeVolumes'), 'volumeId')
    expect(await code('AttachVolume', { VolumeId: root, InstanceId: instance, Device: '/dev/sdf' })).toBe('VolumeInUse')
    expect(await code('DetachVolume', { VolumeId: root })).toBe('OperationNotPermitted')
    expect(await code('DeleteVolume', { VolumeId: root })).toBe('VolumeInUse')
    expect(texts(await xml('ModifyVolume', { VolumeId: root, Size: 99 }), 'targetSize')).toEqual(['99'])
  })
})

describe('DetachVolume', () => {
  test('golden: with no more than its id', async () => {
    const VolumeId = await one()
    await attach(VolumeId)
    golden('DetachVolume', await xml('DetachVolume', { VolumeId }))
    expect(texts(await xml('DescribeVolumes', { 'VolumeId.1': VolumeId }), 'status')).toEqual(['available'])
    expect(await code('DetachVolume', { VolumeId })).toBe('IncorrectState')
  })

  test('named rightly with Force, and wrongly', async () => {
    const VolumeId = await one()
    await attach(VolumeId)
    expect(await code('DetachVolume', { VolumeId, Device: '/dev/sdz' })).toBe('InvalidAttachment.NotFound')
    await xml('DetachVolume', { VolumeId, InstanceId: instance, Device: '/dev/sdf', Force: true })
    expect(recordOf(VolumeId)?.wish.holder).toBeNull()
  })

  test('a volume whose machine is still seen with it is detaching, and nobody else may have it', async () => {
    const VolumeId = await one()
    await attach(VolumeId)
    const { seen } = operations.computes.get(compute) ?? {}
    await xml('DetachVolume', { VolumeId })
    operations.change(compute, { seen: { machine: seen?.machine ?? null } })
    expect(texts(await xml('DescribeVolumes', { 'VolumeId.1': VolumeId }), 'status')).toEqual(['in-use', 'detaching'])
    expect(await code('DeleteVolume', { VolumeId })).toBe('VolumeInUse')
    expect(await code('AttachVolume', { VolumeId, InstanceId: instance, Device: '/dev/sdg' })).toBe('VolumeInUse')
  })
})

describe('ModifyVolume', () => {
  test('without a size: another type is a modification, nothing at all is one that is through', async () => {
    const VolumeId = await one()
    const nothing = await xml('ModifyVolume', { VolumeId })
    for (const [tag, value] of [
      ['modificationState', 'completed'],
      ['originalSize', '3'],
      ['targetSize', '3'],
      ['targetVolumeType', 'gp2'],
      ['progress', '100'],
    ] as const)
      expect([tag, texts(nothing, tag)]).toEqual([tag, [value]])
    expect(await code('DescribeVolumesModifications', { 'VolumeId.1': VolumeId })).toBe(
      'InvalidVolumeModification.NotFound',
    )
    await xml('ModifyVolume', { VolumeId, VolumeType: 'gp3' })
    const told = await xml('DescribeVolumesModifications', { 'VolumeId.1': VolumeId })
    expect(['originalVolumeType', 'targetVolumeType', 'targetSize'].flatMap((tag) => texts(told, tag))).toEqual([
      'gp2',
      'gp3',
      '3',
    ])
    const [root = ''] = texts(await xml('DescribeInstances', { 'InstanceId.1': instance }), 'volumeId')
    expect(texts(await xml('ModifyVolume', { VolumeId: root }), 'modificationState')).toEqual(['completed'])
    await xml('ModifyVolume', { VolumeId: root, VolumeType: 'gp3' })
    const ofRoot = await xml('DescribeVolumesModifications', { 'VolumeId.1': root })
    expect(['originalVolumeType', 'targetVolumeType'].flatMap((tag) => texts(ofRoot, tag))).toEqual(['gp2', 'gp3'])
  })

  test('Iops and Throughput: 0 and what gp3 has anyway are taken, and told back; more is refused', async () => {
    const shown = async (VolumeId: string) => {
      const told = await xml('DescribeVolumes', { 'VolumeId.1': VolumeId })
      return ['volumeType', 'iops', 'throughput'].map((tag) => texts(told, tag).join())
    }
    const [root = ''] = texts(await xml('DescribeInstances', { 'InstanceId.1': instance }), 'volumeId')
    for (const VolumeId of [await one(), root]) {
      // As Terraform orders it of a volume of which nothing else is known.
      const told = await xml('ModifyVolume', { VolumeId, VolumeType: 'gp3', Iops: 0 })
      const tags = ['originalIops', 'targetIops', 'targetThroughput']
      expect(tags.map((tag) => texts(told, tag).join())).toEqual(['', '3000', '125'])
      expect(await shown(VolumeId)).toEqual(['gp3', '3000', '125'])
      await xml('ModifyVolume', { VolumeId, Iops: 3000, Throughput: 125 })
      expect(await code('ModifyVolume', { VolumeId, Iops: 3001 })).toBe('UnsupportedOperation')
      expect(await code('ModifyVolume', { VolumeId, Throughput: 250 })).toBe('UnsupportedOperation')
      expect(await code('ModifyVolume', { VolumeId, VolumeType: 'gp2', Iops: 3000 })).toBe('UnsupportedOperation')
      const found = await xml('DescribeVolumesModifications', {
        ...{ 'VolumeId.1': VolumeId, 'Filter.1.Name': 'target-iops', 'Filter.1.Value.1': '3000' },
      })
      expect(texts(found, 'volumeId')).toEqual([VolumeId])
      await xml('ModifyVolume', { VolumeId, VolumeType: 'gp2' })
      expect(await shown(VolumeId)).toEqual(['gp2', '', ''])
    }
    const made = await one({ VolumeType: 'gp3', Iops: 3000, Throughput: 125 })
    expect(await shown(made)).toEqual(['gp3', '3000', '125'])
    const disk = 'BlockDeviceMapping.1'
    const launch = { MinCount: 1, MaxCount: 1, ImageId: 'ami-00000000000000001', [`${disk}.DeviceName`]: '/dev/sda1' }
    const iops = (count: number) => ({ ...launch, [`${disk}.Ebs.VolumeType`]: 'gp3', [`${disk}.Ebs.Iops`]: count })
    await xml('RunInstances', iops(3000))
    expect(await code('RunInstances', iops(4000))).toBe('UnsupportedOperation')
  })

  test('golden: larger, while attached', async () => {
    const VolumeId = await one()
    await attach(VolumeId)
    golden('ModifyVolume', await xml('ModifyVolume', { VolumeId, Size: 7 }))
    golden('DescribeVolumesModifications', await xml('DescribeVolumesModifications', { 'VolumeId.1': VolumeId }))
    expect(recordOf(VolumeId)?.wish.resized).toMatchObject({ fromGiB: 3 })
  })

  test('never smaller, and nothing that is not there', async () => {
    const VolumeId = await one()
    expect(await code('ModifyVolume', { VolumeId, Size: 2 })).toBe('InvalidParameterValue')
    expect(await code('ModifyVolume', { VolumeId, Iops: 100 })).toBe('UnsupportedOperation')
    expect(await code('DescribeVolumesModifications', { 'VolumeId.1': VolumeId })).toBe(
      'InvalidVolumeModification.NotFound',
    )
    expect(texts(await xml('DescribeVolumesModifications'), 'volumeId')).toEqual([])
  })

  test('what its host has not done yet goes on, and what it refuses has failed', async () => {
    const VolumeId = await one()
    await attach(VolumeId)
    await xml('ModifyVolume', { VolumeId, Size: 7 })
    const id = recordOf(VolumeId)?.id ?? ''
    const state = async () => texts(await xml('DescribeVolumesModifications'), 'modificationState')
    operations.changeRecord(id, { seen: { sizeGiB: 3 } })
    expect(await state()).toEqual(['modifying'])
    operations.changeRecord(id, { journal: { stuck: { since: 1, message: 'no space left on device' } } })
    expect(await state()).toEqual(['failed'])
  })
})

describe('DeleteVolume', () => {
  test('golden: it is gone', async () => {
    const VolumeId = await one()
    expectGolden('ec2/DeleteVolume.xml', pretty(await xml('DeleteVolume', { VolumeId })))
    expect(await code('DeleteVolume', { VolumeId })).toBe('InvalidVolume.NotFound')
  })

  test('refused while a machine has it', async () => {
    const VolumeId = await one()
    await attach(VolumeId)
    expect(await code('DeleteVolume', { VolumeId })).toBe('VolumeInUse')
    expect(recordOf(VolumeId)?.wish.exists).toBe(true)
  })
})

test('golden: DescribeVolumeStatus, impaired where its host refuses it', async () => {
  const VolumeId = await one()
  operations.changeRecord(recordOf(VolumeId)?.id ?? '', { journal: { stuck: { since: 1, message: 'no' } } })
  golden('DescribeVolumeStatus', await xml('DescribeVolumeStatus'))
  const impaired = { 'Filter.1.Name': 'volume-status.status', 'Filter.1.Value.1': 'impaired' }
  expect(texts(await xml('DescribeVolumeStatus', impaired), 'volumeId')).toEqual([VolumeId])
})

test('golden: DescribeVolumeAttribute and ModifyVolumeAttribute', async () => {
  const VolumeId = await one()
  const value = async () =>
    texts(await xml('DescribeVolumeAttribute', { VolumeId, Attribute: 'autoEnableIO' }), 'value')
  expect(await value()).toEqual(['false'])
  await xml('ModifyVolumeAttribute', { VolumeId, 'AutoEnableIO.Value': true })
  expect(await value()).toEqual(['true'])
  golden('DescribeVolumeAttribute', await xml('DescribeVolumeAttribute', { VolumeId, Attribute: 'autoEnableIO' }))
  await xml('DescribeVolumeAttribute', { VolumeId, Attribute: 'productCodes' })
  expect(await code('DescribeVolumeAttribute', { VolumeId, Attribute: 'colour' })).toBe('InvalidParameterValue')
  expect(await code('DescribeVolumeAttribute', { VolumeId })).toBe('MissingParameter')
  expect(await code('ModifyVolumeAttribute', { VolumeId })).toBe('MissingParameter')
})

test('tags of volumes: CreateTags, DescribeTags, DeleteTags; a root disk bears them too', async () => {
  const volume = await one()
  await xml('CreateTags', { 'ResourceId.1': volume, 'Tag.1.Key': 'stage', 'Tag.1.Value': 'test' })
  const tags = () => xml('DescribeTags', { 'Filter.1.Name': 'resource-type', 'Filter.1.Value.1': 'volume' })
  expect(texts(await tags(), 'resourceId')).toEqual([volume])
  await xml('DeleteTags', { 'ResourceId.1': volume, 'Tag.1.Key': 'stage' })
  expect(texts(await tags(), 'resourceId')).toEqual([])
  const [root = ''] = texts(await xml('DescribeVolumes'), 'volumeId')
  await xml('CreateTags', { 'ResourceId.1': root, 'Tag.1.Key': 'a' })
  expect(texts(await tags(), 'resourceId')).toEqual([root])
})
