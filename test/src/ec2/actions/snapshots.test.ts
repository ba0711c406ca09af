import { call, codeOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { bob, type FakeOperations, fakeOperations } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

let operations: FakeOperations
let instance: string
let root: string
beforeEach(async () => {
  operations = fakeOperations()
  await xmlOf('RunInstances', { MinCount: 1, MaxCount: 1, ImageId: 'ami-00000000000000001' }, { operations })
  const [record] = operations.computes.values()
  instance = record?.wish.name ?? ''
  root = record?.wish.disks[0]?.volume ?? ''
  operations.change(record?.id ?? '', { seen: { startedAt: 1 } })
})

const xml = (action: string, parameters: Parameters = {}) => xmlOf(action, parameters, { operations })
const code = (action: string, parameters: Parameters = {}) => codeOf(action, parameters, { operations })
const volume = async (parameters: Parameters = {}): Promise<string> =>
  texts(await xml('CreateVolume', { AvailabilityZone: 'local-1a', Size: 3, ...parameters }), 'volumeId')[0] ?? ''
const taken = async (parameters: Parameters = {}): Promise<string> =>
  texts(await xml('CreateSnapshot', { VolumeId: root, ...parameters }), 'snapshotId')[0] ?? ''
const tag = (type: string, value = 'daily') => ({
  'TagSpecification.1.ResourceType': type,
  'TagSpecification.1.Tag.1.Key': 'Name',
  'TagSpecification.1.Tag.1.Value': value,
})
/** Names are drawn: they are told apart by their order. */
function golden(name: string, text: string): void {
  const drawn = [
    ...[...operations.snapshots.values()].map(({ wish }) => wish.name),
    ...[...operations.storages.values()].map(({ wish }) => wish.name),
  ]
  const fixed = drawn.reduce(
    (sofar, one, at) => sofar.replaceAll(one, `${one.split('-')[0]}-${String(at + 1).padStart(17, '9')}`),
    text,
  )
  expectGolden(`ec2/${name}.xml`, pretty(fixed))
}

test('golden: CreateSnapshot of a root disk, with tags', async () => {
  golden('create-snapshot', await xml('CreateSnapshot', { VolumeId: root, Description: 'before', ...tag('snapshot') }))
  expect([...operations.snapshots.values()][0]?.wish.of).toMatchObject({ kind: 'root', disk: 'root' })
})

test('golden: DescribeSnapshots', async () => {
  await taken({ Description: 'one', ...tag('snapshot') })
  await xml('CreateSnapshot', { VolumeId: await volume() })
  golden('describe-snapshots', await xml('DescribeSnapshots'))
})

test('golden: CreateSnapshots of an instance, with the tags of its volumes', async () => {
  const data = await volume(tag('volume', 'data'))
  await xml('AttachVolume', { VolumeId: data, InstanceId: instance, Device: '/dev/sdf' })
  const of = { 'InstanceSpecification.InstanceId': instance }
  golden('create-snapshots', await xml('CreateSnapshots', { ...of, CopyTagsFromSource: 'volume' }))
  const without = await xml('CreateSnapshots', { ...of, 'InstanceSpecification.ExcludeBootVolume': 'true' })
  expect(texts(without, 'volumeId')).toEqual([data])
  const only = await xml('CreateSnapshots', { ...of, 'InstanceSpecification.ExcludeDataVolumeId.1': data })
  expect(texts(only, 'volumeId')).toEqual([root])
  const none = { ...of, 'InstanceSpecification.ExcludeBootVolume': 'true' }
  expect(await code('CreateSnapshots', { ...none, 'InstanceSpecification.ExcludeDataVolumeId.1': data })).toBe(
    'InvalidParameterCombination',
  )
  expect(await code('CreateSnapshots')).toBe('MissingParameter')
})

test('CreateSnapshots takes all or none', async () => {
  const data = await volume()
  await xml('AttachVolume', { VolumeId: data, InstanceId: instance, Device: '/dev/sdf' })
  const fifty = Array.from({ length: 50 }, (_, n) => [`Tag.${n + 1}.Key`, `k${n}`])
  await xml('CreateTags', { 'ResourceId.1': data, ...Object.fromEntries(fifty) })
  const order = { 'InstanceSpecification.InstanceId': instance, CopyTagsFromSource: 'volume', ...tag('snapshot') }
  expect(await code('CreateSnapshots', order)).toBe('TagLimitExceeded')
  expect(operations.snapshots.size).toBe(0)
})

test('filters, owners and who may restore', async () => {
  const [one, two] = [await taken({ Description: 'one' }), await taken({ Description: 'two' })]
  const ids = async (parameters: Parameters) => texts(await xml('DescribeSnapshots', parameters), 'snapshotId')
  const filter = (name: string, value: string) => ({ 'Filter.1.Name': name, 'Filter.1.Value.1': value })
  expect(await ids(filter('description', 't*'))).toEqual([two])
  expect(await ids(filter('volume-id', root))).toEqual([one, two])
  expect(await ids(filter('status', 'completed'))).toEqual([one, two])
  expect(await ids(filter('progress', '100%'))).toEqual([one, two])
  expect(await ids(filter('volume-size', '7'))).toEqual([])
  expect(await ids({ 'Owner.1': 'self' })).toEqual([one, two])
  expect(await ids({ 'Owner.1': 'amazon' })).toEqual([])
  expect(await ids({ 'RestorableBy.1': 'all' })).toEqual([])
  expect(await ids({ 'RestorableBy.1': 'self' })).toEqual([one, two])
  expect(await ids({ 'SnapshotId.1': two })).toEqual([two])
  expect(await code('DescribeSnapshots', filter('colour', 'red'))).toBe('InvalidParameterValue')
})

test('pages of five', async () => {
  const made: string[] = []
  for (let at = 0; at < 7; at += 1) made.push(await taken())
  const first = await xml('DescribeSnapshots', { MaxResults: 5 })
  const [token = ''] = texts(first, 'nextToken')
  const second = await xml('DescribeSnapshots', { MaxResults: 5, NextToken: token })
  expect([...texts(first, 'snapshotId'), ...texts(second, 'snapshotId')]).toEqual(made)
  expect(texts(second, 'nextToken').filter(Boolean)).toEqual([])
  expect(await code('DescribeSnapshots', { MaxResults: 4 })).toBe('InvalidParameterValue')
})

test.each([
  ['DescribeSnapshots', { 'SnapshotId.1': 'snap-12' }, 'InvalidSnapshotID.Malformed'],
  ['DescribeSnapshots', { 'SnapshotId.1': 'snap-00000000000000001' }, 'InvalidSnapshot.NotFound'],
  ['DeleteSnapshot', { SnapshotId: 'snap-00000000000000001' }, 'InvalidSnapshot.NotFound'],
  ['DeleteSnapshot', {}, 'MissingParameter'],
  ['CreateSnapshot', { VolumeId: 'vol-000000000000000ff' }, 'InvalidVolume.NotFound'],
  ['CreateSnapshot', {}, 'MissingParameter'],
  ['CopySnapshot', { SourceRegion: 'local-1' }, 'MissingParameter'],
  ['CopySnapshot', { SourceRegion: 'mars', SourceSnapshotId: 'snap-00000000000000001' }, 'InvalidParameterValue'],
  ['CreateVolume', { AvailabilityZone: 'local-1a', SnapshotId: 'snap-00000000000000001' }, 'InvalidSnapshot.NotFound'],
])('%s %j is refused', async (action, parameters, expected) => {
  expect(await code(action, parameters)).toBe(expected)
})

test('a description of more than 255 characters is refused', async () => {
  expect(await code('CreateSnapshot', { VolumeId: root, Description: 'x'.repeat(256) })).toBe('InvalidParameterValue')
})

test('DeleteSnapshot', async () => {
  const one = await taken()
  const dry = await call('DeleteSnapshot', { SnapshotId: one, DryRun: 'true' }, { operations })
  expect(dry.body).toContain('DryRunOperation')
  expect(texts(await xml('DescribeSnapshots'), 'snapshotId')).toEqual([one])
  await xml('DeleteSnapshot', { SnapshotId: one })
  expect(texts(await xml('DescribeSnapshots'), 'snapshotId')).toEqual([])
  expect(await code('DeleteSnapshot', { SnapshotId: one })).toBe('InvalidSnapshot.NotFound')
})

test('CopySnapshot has the same contents, its own name and tags', async () => {
  const one = await taken()
  const copy = await xml('CopySnapshot', { SourceRegion: 'local-1', SourceSnapshotId: one, ...tag('snapshot', 'copy') })
  const [name = ''] = texts(copy, 'snapshotId')
  expect(name).not.toBe(one)
  const shown = await xml('DescribeSnapshots', { 'SnapshotId.1': name })
  expect(texts(shown, 'volumeId')).toEqual(['vol-ffffffff'])
  expect(texts(shown, 'value')).toEqual(['copy'])
})

test('a snapshot is shared, used by others, and taken back', async () => {
  const one = await taken(tag('snapshot'))
  const theirs = (action: string, parameters: Parameters = {}) => xmlOf(action, parameters, { operations, caller: bob })
  const attribute = { SnapshotId: one, Attribute: 'createVolumePermission' }
  expect(texts(await theirs('DescribeSnapshots'), 'snapshotId')).toEqual([])
  await xml('ModifySnapshotAttribute', { SnapshotId: one, 'CreateVolumePermission.Add.1.UserId': bob.account })
  expect(texts(await theirs('DescribeSnapshots'), 'snapshotId')).toEqual([one])
  // Its owner's tags are its owner's.
  expect(texts(await theirs('DescribeSnapshots'), 'key')).toEqual([])
  expect(texts(await theirs('CreateVolume', { AvailabilityZone: 'local-1a', SnapshotId: one }), 'size')).toEqual(['8'])
  expect(await codeOf('DeleteSnapshot', { SnapshotId: one }, { operations, caller: bob })).toBe('UnauthorizedOperation')
  expect(await codeOf('DescribeSnapshotAttribute', attribute, { operations, caller: bob })).toBe(
    'UnauthorizedOperation',
  )
  golden('describe-snapshot-attribute', await xml('DescribeSnapshotAttribute', attribute))
  await xml('ModifySnapshotAttribute', { ...attribute, OperationType: 'add', 'UserGroup.1': 'all' })
  await xml('ModifySnapshotAttribute', { ...attribute, OperationType: 'remove', 'UserId.1': bob.account })
  expect(texts(await xml('DescribeSnapshotAttribute', attribute), 'group')).toEqual(['all'])
  await xml('ResetSnapshotAttribute', attribute)
  expect(texts(await theirs('DescribeSnapshots'), 'snapshotId')).toEqual([])
})

test.each([
  ['ModifySnapshotAttribute', {}, 'MissingParameter'],
  ['ModifySnapshotAttribute', { 'UserId.1': '000000000002' }, 'MissingParameter'],
  ['ModifySnapshotAttribute', { OperationType: 'add', 'UserGroup.1': 'friends' }, 'InvalidParameterValue'],
  ['ModifySnapshotAttribute', { 'CreateVolumePermission.Add.1.UserId': 'bob' }, 'InvalidParameterValue'],
  ['DescribeSnapshotAttribute', {}, 'MissingParameter'],
  ['DescribeSnapshotAttribute', { Attribute: 'colour' }, 'InvalidParameterValue'],
  ['ResetSnapshotAttribute', {}, 'MissingParameter'],
])('%s %j of a snapshot is refused', async (action, parameters, expected) => {
  expect(await code(action, { SnapshotId: await taken(), ...parameters })).toBe(expected)
})

test('product codes: none', async () => {
  const answer = await call(
    'DescribeSnapshotAttribute',
    { SnapshotId: await taken(), Attribute: 'productCodes' },
    { operations },
  )
  expect(answer.status).toBe(200)
})

test('volumes of a snapshot: its size or more, shown with its name', async () => {
  const one = await taken()
  const of = { AvailabilityZone: 'local-1a', SnapshotId: one }
  const made = await xml('CreateVolume', of)
  expect([texts(made, 'size'), texts(made, 'snapshotId')]).toEqual([['8'], [one]])
  expect(texts(await xml('CreateVolume', { ...of, Size: 20 }), 'size')).toEqual(['20'])
  expect(await code('CreateVolume', { ...of, Size: 2 })).toBe('InvalidParameterValue')
  const filter = { 'Filter.1.Name': 'snapshot-id', 'Filter.1.Value.1': one }
  expect(texts(await xml('DescribeVolumes', filter), 'volumeId')).toHaveLength(2)
})

test('a pending or failed snapshot gives no volume', async () => {
  const one = await taken()
  const [record] = operations.snapshots.values()
  if (!record) throw new Error('no snapshot')
  for (const state of ['pending', 'error'] as const) {
    operations.snapshots.set(record.id, { ...record, seen: { ...record.seen, state } })
    expect(await code('CreateVolume', { AvailabilityZone: 'local-1a', SnapshotId: one })).toBe('IncorrectState')
  }
})

test('snapshots have tags', async () => {
  const one = await taken()
  await xml('CreateTags', { 'ResourceId.1': one, 'Tag.1.Key': 'Name', 'Tag.1.Value': 'kept' })
  const tags = await xml('DescribeTags', { 'Filter.1.Name': 'resource-type', 'Filter.1.Value.1': 'snapshot' })
  expect([texts(tags, 'resourceId'), texts(tags, 'value')]).toEqual([[one], ['kept']])
  await xml('DeleteTags', { 'ResourceId.1': one })
  expect(texts(await xml('DescribeSnapshots'), 'key')).toEqual([])
})

describe('root disks are volumes', () => {
  test('with tags of their own', async () => {
    await xml('CreateTags', { 'ResourceId.1': root, 'Tag.1.Key': 'Name', 'Tag.1.Value': 'system' })
    const shown = await xml('DescribeVolumes', { 'VolumeId.1': root })
    expect(texts(shown, 'value')).toEqual(['system'])
    await xml('DeleteTags', { 'ResourceId.1': root, 'Tag.1.Key': 'Name' })
    expect(texts(await xml('DescribeVolumes', { 'VolumeId.1': root }), 'key')).toEqual([])
  })

  test('that grow and never shrink', async () => {
    const modified = await xml('ModifyVolume', { VolumeId: root, Size: 20, VolumeType: 'gp3' })
    expect([texts(modified, 'originalSize'), texts(modified, 'targetSize')]).toEqual([['8'], ['20']])
    const shown = await xml('DescribeVolumes', { 'VolumeId.1': root })
    expect([texts(shown, 'size'), texts(shown, 'volumeType')]).toEqual([['20'], ['gp3']])
    expect(texts(await xml('DescribeVolumesModifications', { 'VolumeId.1': root }), 'targetSize')).toEqual(['20'])
    expect(await code('ModifyVolume', { VolumeId: root, Size: 2 })).toBe('InvalidParameterValue')
  })

  test('with AutoEnableIO', async () => {
    await xml('ModifyVolumeAttribute', { VolumeId: root, 'AutoEnableIO.Value': 'true' })
    const shown = await xml('DescribeVolumeAttribute', { VolumeId: root, Attribute: 'autoEnableIO' })
    expect(texts(shown, 'value')).toEqual(['true'])
  })
})

test('block devices of a snapshot at launch', async () => {
  const one = await taken()
  await xml('RunInstances', {
    ...{ MinCount: 1, MaxCount: 1, ImageId: 'ami-00000000000000001' },
    'BlockDeviceMapping.1.DeviceName': '/dev/sdf',
    'BlockDeviceMapping.1.Ebs.SnapshotId': one,
  })
  const [record] = operations.snapshots.values()
  expect(operations.orders.at(-1)?.newVolumes).toMatchObject([{ snapshot: record?.id, device: '/dev/sdf' }])
  const missing = { MinCount: 1, MaxCount: 1, ImageId: 'ami-00000000000000001' }
  const at = { 'BlockDeviceMapping.1.DeviceName': '/dev/sdf' }
  expect(
    await code('RunInstances', { ...missing, ...at, 'BlockDeviceMapping.1.Ebs.SnapshotId': 'snap-00000000000000001' }),
  ).toBe('InvalidSnapshot.NotFound')
})

test('CreateImage: an image that waits for a snapshot of the root disk, which it keeps from then on', async () => {
  const tags = {
    ...tag('image', 'golden'),
    'TagSpecification.2.ResourceType': 'snapshot',
    'TagSpecification.2.Tag.1.Key': 'Name',
    'TagSpecification.2.Tag.1.Value': 'its disk',
  }
  const made = await xml('CreateImage', { InstanceId: instance, Name: 'mine', NoReboot: 'true', ...tags })
  const [ami] = texts(made, 'imageId')
  const [image] = operations.madeImages.values()
  const [snapshot] = operations.snapshots.values()
  expect(image?.wish).toMatchObject({ ami, name: 'mine', tags: { Name: 'golden' }, madeFrom: instance })
  expect(image?.wish.sources).toEqual({ disk: { from: 'snapshot', id: snapshot?.id } })
  expect(snapshot?.wish.tags).toEqual({ Name: 'its disk' })
  if (image) operations.images.push(image)
  expect(texts(await xml('DescribeImages', { 'ImageId.1': ami ?? '' }), 'snapshotId')).toEqual([snapshot?.wish.name])
  expect(await code('DeleteSnapshot', { SnapshotId: snapshot?.wish.name ?? '' })).toBe('InvalidSnapshot.InUse')
  expect(await code('CreateImage', { InstanceId: instance })).toBe('MissingParameter')
  expect(await code('CreateImage', { Name: 'other' })).toBe('MissingParameter')
  expect(await code('CreateImage', { InstanceId: instance, Name: '!' })).toBe('InvalidParameterValue')
})
