/** RegisterImage: what an image is made of, and what of its order is told again. */
import type { Caller } from '../../../../src/operations/context'
import type { Operations } from '../../../../src/operations/operations'
import { call, codeOf, type Parameters, texts, xmlOf } from '../../../support/ec2-call'
import { available, snapshot, uploaded } from '../../../support/ec2-images'
import { type Gateways, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let operations: Operations
let ann: Caller
let bob: Caller
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())
beforeEach(async () => {
  site = await startGateways(redis)
  operations = site.first.operations
  ann = (await site.project('ann')).caller
  bob = (await site.project('bob')).caller
})
afterEach(() => site.close())

const as = (caller: Caller) => ({
  xml: (action: string, parameters: Parameters = {}) => xmlOf(action, parameters, { operations, caller }),
  code: (action: string, parameters: Parameters = {}) => codeOf(action, parameters, { operations, caller }),
  one: async (action: string, parameters: Parameters, tag: string): Promise<string> =>
    texts(await xmlOf(action, parameters, { operations, caller }), tag)[0] ?? '',
  seen: async (parameters: Parameters = {}) =>
    texts(await xmlOf('DescribeImages', parameters, { operations, caller }), 'name'),
})

const root = { 'BlockDeviceMapping.1.DeviceName': '/dev/xvda', 'BlockDeviceMapping.1.Ebs.SnapshotId': '' }

test('of a snapshot: pending until its job has seen that it is complete', async () => {
  const name = await snapshot(site, ann)
  const ami = await as(ann).one(
    'RegisterImage',
    { Name: 'from snapshot', Architecture: 'x86_64', ...root, 'BlockDeviceMapping.1.Ebs.SnapshotId': name },
    'imageId',
  )
  expect(ami).toMatch(/^ami-[0-9a-f]{17}$/)
  const xml = await as(ann).xml('DescribeImages', { 'ImageId.1': ami })
  expect(texts(xml, 'imageState')).toEqual(['pending'])
  expect(texts(xml, 'volumeSize')).toEqual(['7'])
  expect(texts(xml, 'rootDeviceName')).toEqual(['/dev/xvda'])
})

test('of what was uploaded, by its id, name or location', async () => {
  const { wish } = await uploaded(site, ann, 'brought')
  for (const [n, location] of [wish.ami, 'brought', `${ann.account}/brought`].entries()) {
    expect(await as(ann).one('RegisterImage', { Name: 'brought', ImageLocation: location }, 'imageId')).toBe(wish.ami)
    const other = await as(ann).one('RegisterImage', { ImageLocation: location, Name: `copy ${n}` }, 'imageId')
    expect(other).not.toBe(wish.ami)
  }
  const own = await as(ann).seen({ 'Owner.1': 'self' })
  expect(own.toSorted()).toEqual(['brought', 'copy 0', 'copy 1', 'copy 2'])
})

test('of a snapshot that another shares: its owner is free to delete it, and learns nothing', async () => {
  const name = await snapshot(site, ann, { sharedWith: [bob.account] })
  const order = { Name: 'of theirs', ...root, 'BlockDeviceMapping.1.Ebs.SnapshotId': name }
  await as(bob).xml('RegisterImage', order)
  await as(ann).xml('RegisterImage', order)
  expect(await as(ann).code('DeleteSnapshot', { SnapshotId: name })).toBe('InvalidSnapshot.InUse')
  const own = await as(ann).one('DescribeImages', { 'Owner.1': 'self' }, 'imageId')
  await as(ann).xml('DeregisterImage', { ImageId: own })
  await as(ann).xml('DeleteSnapshot', { SnapshotId: name })
  expect(await as(bob).seen({ 'Owner.1': 'self' })).toEqual(['of theirs'])
})

test('what it was registered with is told back, by filters too, and passed on; its snapshot is its owner’s to know', async () => {
  const name = await snapshot(site, ann)
  const said = { EnaSupport: true, SriovNetSupport: 'simple', ImdsSupport: 'v2.0', BootMode: 'uefi' }
  const ebs = 'BlockDeviceMapping.1.Ebs'
  const disk = { ...root, [`${ebs}.SnapshotId`]: name, [`${ebs}.VolumeType`]: 'gp3', [`${ebs}.Iops`]: 3000 }
  const ami = await as(ann).one('RegisterImage', { Name: 'told', ...said, ...disk }, 'imageId')
  await as(ann).xml('ModifyImageAttribute', { ImageId: ami, 'LaunchPermission.Add.1.Group': 'all' })
  const told = async (caller: Caller, id: string) => {
    const xml = await as(caller).xml('DescribeImages', { 'ImageId.1': id })
    const tags = [
      'snapshotId',
      'volumeType',
      'iops',
      'throughput',
      'enaSupport',
      'sriovNetSupport',
      'imdsSupport',
      'bootMode',
    ]
    return tags.map((tag) => texts(xml, tag).join())
  }
  expect(await told(ann, ami)).toEqual([name, 'gp3', '3000', '', 'true', 'simple', 'v2.0', 'uefi'])
  expect(await told(bob, ami)).toEqual(['', 'gp3', '3000', '', 'true', 'simple', 'v2.0', 'uefi'])
  const filters = {
    ...{ 'block-device-mapping.volume-type': 'gp3', 'ena-support': 'true' },
    ...{ 'sriov-net-support': 'simple', 'boot-mode': 'uefi' },
  }
  for (const [filter, value] of Object.entries(filters))
    expect(await as(ann).seen({ 'Filter.1.Name': filter, 'Filter.1.Value.1': value })).toEqual(['told'])
  const ofSnapshot = { 'Filter.1.Name': 'block-device-mapping.snapshot-id', 'Filter.1.Value.1': name }
  expect([await as(ann).seen(ofSnapshot), await as(bob).seen(ofSnapshot)]).toEqual([['told'], []])
  const attribute = (Attribute: string, tag: string) =>
    as(ann).one('DescribeImageAttribute', { ImageId: ami, Attribute }, tag)
  expect(await attribute('blockDeviceMapping', 'snapshotId')).toBe(name)
  for (const [one, value] of Object.entries({ sriovNetSupport: 'simple', bootMode: 'uefi', imdsSupport: 'v2.0' }))
    expect([one, await attribute(one, 'value')]).toEqual([one, value])

  await available(site, ann, ami)
  const order = { Name: 'told again', SourceImageId: ami, SourceRegion: 'local-1' }
  const copy = await as(ann).one('CopyImage', order, 'imageId')
  expect(await told(ann, copy)).toEqual(['', 'gp3', '3000', '', 'true', 'simple', 'v2.0', 'uefi'])
  await as(ann).xml('RunInstances', { ImageId: ami, MinCount: 1, MaxCount: 1 })
  const other = { 'BlockDeviceMapping.1.DeviceName': '/dev/xvda', [`${ebs}.VolumeType`]: 'standard' }
  await as(ann).xml('RunInstances', { ImageId: ami, MinCount: 1, MaxCount: 1, ...other })
  // Both were made in one moment, so their order is that of their ids.
  expect([...texts(await as(ann).xml('DescribeVolumes'), 'volumeType')].sort()).toEqual(['gp3', 'standard'])
})

test.each<[string, Parameters, readonly string[]]>([
  ['another type', { VolumeType: 'io1', Iops: 3000 }, ['gp2', '', '']],
  ['more of no type', { Iops: 3000 }, ['gp2', '', '']],
  ['more of its type', { VolumeType: 'gp3', Iops: 4000, Throughput: 125 }, ['gp3', '', '125']],
])(
  'a root disk for which %s is asked, which its machines could not have, is registered without',
  async (_what, said, told) => {
    const ebs = Object.entries(said).map(([member, value]) => [`BlockDeviceMapping.1.Ebs.${member}`, value])
    const snap = await snapshot(site, ann)
    const disk = { ...root, ...Object.fromEntries(ebs), 'BlockDeviceMapping.1.Ebs.SnapshotId': snap }
    const ami = await as(ann).one('RegisterImage', { Name: 'made elsewhere', ...disk }, 'imageId')
    const xml = await as(ann).xml('DescribeImages', { 'ImageId.1': ami })
    expect(['volumeType', 'iops', 'throughput'].map((tag) => texts(xml, tag).join())).toEqual(told)
    await available(site, ann, ami)
    await as(ann).xml('RunInstances', { ImageId: ami, MinCount: 1, MaxCount: 1 })
  },
)

test('what nobody said is not told, but for the type of its disk', async () => {
  const { wish } = await uploaded(site, ann, 'plain')
  const xml = await as(ann).xml('DescribeImages', { 'ImageId.1': wish.ami })
  expect(texts(xml, 'volumeType')).toEqual(['gp2'])
  for (const tag of ['snapshotId', 'enaSupport', 'sriovNetSupport', 'imdsSupport', 'bootMode'])
    expect([tag, texts(xml, tag)]).toEqual([tag, []])
})

test('refusals', async () => {
  const name = await snapshot(site, ann)
  const { code } = as(ann)
  const of = (snap: string, more: Parameters = {}) =>
    code('RegisterImage', { Name: 'abc', ...root, 'BlockDeviceMapping.1.Ebs.SnapshotId': snap, ...more })
  expect(await code('RegisterImage', { Name: 'abc' })).toBe('MissingParameter')
  expect(await code('RegisterImage', { Name: 'abc', ImageLocation: 'nowhere' })).toBe('InvalidParameterValue')
  expect(await of('snap-ffffffffffffffff0')).toBe('InvalidSnapshot.NotFound')
  expect(await of('vol-1')).toBe('InvalidSnapshotID.Malformed')
  expect(await of('')).toBe('MissingParameter')
  expect(await of(name, { Name: 'x' })).toBe('InvalidParameterValue')
  expect(await of(name, { Name: 'no*stars' })).toBe('InvalidParameterValue')
  expect(await of(name, { Architecture: 'i386' })).toBe('UnsupportedOperation')
  expect(await of(name, { VirtualizationType: 'paravirtual' })).toBe('UnsupportedOperation')
  expect(await of(name, { SriovNetSupport: 'complex' })).toBe('UnsupportedOperation')
  expect(await of(name, { ImdsSupport: 'v1.0' })).toBe('UnsupportedOperation')
  expect(await of(name, { 'BlockDeviceMapping.1.Ebs.VolumeSize': 6 })).toBe('InvalidParameterValue')
  expect(await of(name, { 'BlockDeviceMapping.1.Ebs.VolumeSize': 16_385 })).toBe('InvalidParameterValue')
  expect(await of(name, { 'BlockDeviceMapping.1.DeviceName': '/dev/sda1,w\nextra' })).toBe('InvalidParameterValue')
  const second = { 'BlockDeviceMapping.2.DeviceName': '/dev/sdb', 'BlockDeviceMapping.2.Ebs.VolumeSize': 1 }
  expect(await of(name, second)).toBe('UnsupportedOperation')
  const theirs = { Name: 'theirs', ...root, 'BlockDeviceMapping.1.Ebs.SnapshotId': name }
  expect(await as(bob).code('RegisterImage', theirs)).toBe('InvalidSnapshot.NotFound')
})

test('a name is taken once in a project, and DryRun says so too', async () => {
  const name = await snapshot(site, ann)
  const order = { Name: 'only one', ...root, 'BlockDeviceMapping.1.Ebs.SnapshotId': name }
  const dry = await call('RegisterImage', { ...order, DryRun: true }, { operations, caller: ann })
  expect(dry.status).toBe(412)
  await as(ann).xml('RegisterImage', order)
  expect(await as(ann).code('RegisterImage', order)).toBe('InvalidAMIName.Duplicate')
  expect(await as(ann).code('RegisterImage', { ...order, DryRun: true })).toBe('InvalidAMIName.Duplicate')
  await uploaded(site, bob, 'only one')
})
