import type { Caller } from '../../../../src/operations/context'
import type { Operations } from '../../../../src/operations/operations'
import { codeOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { FILE, snapshot, uploaded } from '../../../support/ec2-images'
import { type Gateways, startGateways } from '../../../support/gateways'
import { expectGolden } from '../../../support/golden'
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

/** Names that are drawn, by their order of appearance; addresses and accounts likewise. */
const stable = (xml: string): string => {
  const names = new Map<string, string>()
  return pretty(xml).replace(
    /\b(ami|snap|import-ami|import-snap)-[0-9a-f]{17}\b|\b\d{12}\b|\bimport-[0-9a-f]{16}\b/g,
    (name, prefix) => {
      const known = names.get(name) ?? `${prefix ?? 'drawn'}-#${names.size + 1}`
      names.set(name, known)
      return name === '000000000000' ? name : known
    },
  )
}

describe('CopyImage', () => {
  test('shares the files, and knows what it is a copy of', async () => {
    const { wish } = await uploaded(site, ann, 'source')
    const order = { Name: 'the copy', SourceImageId: wish.ami, SourceRegion: 'local-1', ClientToken: 't-1' }
    const ami = await as(ann).one('CopyImage', order, 'imageId')
    expect(await as(ann).one('CopyImage', order, 'imageId')).toBe(ami)
    expect(await as(ann).code('CopyImage', { ...order, Name: 'other' })).toBe('IdempotentParameterMismatch')
    expectGolden('ec2/CopyImage-described.xml', stable(await as(ann).xml('DescribeImages', { 'ImageId.1': ami })))
    const bySource = { 'Filter.1.Name': 'source-image-id', 'Filter.1.Value.1': wish.ami }
    expect(await as(ann).seen(bySource)).toEqual(['the copy'])
  })

  test('of a public one, with tags; not of what one may not see, nor from elsewhere', async () => {
    const [debian] = texts(await as(ann).xml('DescribeImages', { 'Owner.1': 'amazon' }), 'imageId')
    const order = { Name: 'my debian', SourceImageId: debian ?? '', SourceRegion: 'local-1' }
    const tags = {
      'TagSpecification.1.ResourceType': 'image',
      'TagSpecification.1.Tag.1.Key': 'stage',
      'TagSpecification.1.Tag.1.Value': 'test',
    }
    const xml = await as(ann).xml('DescribeImages', {
      'ImageId.1': await as(ann).one('CopyImage', { ...order, ...tags }, 'imageId'),
    })
    expect([texts(xml, 'imageState'), texts(xml, 'key')]).toEqual([['available'], ['stage']])
    expect(texts(xml, 'platformDetails')).toEqual(['Linux/UNIX (simulated host)'])
    const { wish } = await uploaded(site, bob, 'hidden')
    expect(await as(ann).code('CopyImage', { ...order, SourceImageId: wish.ami })).toBe('InvalidAMIID.NotFound')
    expect(await as(ann).code('CopyImage', { ...order, SourceRegion: 'mars-1' })).toBe('InvalidParameterValue')
    expect(await as(ann).code('CopyImage', { SourceImageId: wish.ami })).toBe('MissingParameter')
  })
})

describe('who sees an image', () => {
  test('its owner, those it is shared with by name, and all where it is public', async () => {
    const { wish } = await uploaded(site, ann, 'shared')
    const seen = () => as(bob).seen({ 'Filter.1.Name': 'name', 'Filter.1.Value.1': 'shared' })
    const modify = (parameters: Parameters) => as(ann).xml('ModifyImageAttribute', { ImageId: wish.ami, ...parameters })
    expect(await seen()).toEqual([])
    expect(await as(bob).code('RunInstances', { ImageId: wish.ami, MinCount: 1, MaxCount: 1 })).toBe(
      'InvalidAMIID.NotFound',
    )
    await modify({ 'LaunchPermission.Add.1.UserId': bob.account })
    expect(await seen()).toEqual(['shared'])
    expect(await as(bob).seen({ 'ExecutableBy.1': 'self' })).toEqual(['shared'])
    expect(await as(bob).seen({ 'ExecutableBy.1': 'all' })).not.toContain('shared')
    expect(await as(bob).seen({ 'Owner.1': ann.account })).toEqual(['shared'])
    expect(
      texts(await as(bob).xml('RunInstances', { ImageId: wish.ami, MinCount: 1, MaxCount: 1 }), 'imageId'),
    ).toEqual([wish.ami])
    await modify({ Attribute: 'launchPermission', OperationType: 'remove', 'UserId.1': bob.account })
    expect(await seen()).toEqual([])
    await modify({ Attribute: 'launchPermission', OperationType: 'add', 'UserGroup.1': 'all' })
    expect(await seen()).toEqual(['shared'])
    expect(await as(bob).seen({ 'ExecutableBy.1': 'all' })).toContain('shared')
    expectGolden(
      'ec2/DescribeImageAttribute-launchPermission.xml',
      stable(await as(ann).xml('DescribeImageAttribute', { ImageId: wish.ami, Attribute: 'launchPermission' })),
    )
    await as(ann).xml('ResetImageAttribute', { ImageId: wish.ami, Attribute: 'launchPermission' })
    expect(await seen()).toEqual([])
  })

  test('everybody is a group, never an account; and not more than 1000 accounts', async () => {
    const { wish } = await uploaded(site, ann, 'careful')
    const snap = await snapshot(site, ann)
    const { code, xml } = as(ann)
    const image = { ImageId: wish.ami }
    const named = { Attribute: 'launchPermission', OperationType: 'add', 'UserId.1': 'all' }
    expect(await code('ModifyImageAttribute', { ...image, 'LaunchPermission.Add.1.UserId': 'all' })).toBe(
      'InvalidParameterValue',
    )
    expect(await code('ModifyImageAttribute', { ...image, ...named })).toBe('InvalidParameterValue')
    const add = { SnapshotId: snap, 'CreateVolumePermission.Add.1.UserId': 'all' }
    expect(await code('ModifySnapshotAttribute', add)).toBe('InvalidParameterValue')
    const accounts = (from: number, count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, n) => [
          `LaunchPermission.Add.${n + 1}.UserId`,
          String(100000000000 + from + n),
        ]),
      )
    await xml('ModifyImageAttribute', { ...image, ...accounts(0, 1000) })
    expect(await code('ModifyImageAttribute', { ...image, ...accounts(1000, 1) })).toBe('ResourceLimitExceeded')
    expect(await as(bob).seen()).not.toContain('careful')
  })

  test('its tags are its owner’s, and no filter tells them', async () => {
    const { wish } = await uploaded(site, ann, 'tagged')
    await as(ann).xml('CreateTags', { 'ResourceId.1': wish.ami, 'Tag.1.Key': 'customer', 'Tag.1.Value': 'acme' })
    await as(ann).xml('ModifyImageAttribute', { ImageId: wish.ami, 'LaunchPermission.Add.1.Group': 'all' })
    const snap = await snapshot(site, ann, { sharedWith: ['all'] })
    await as(ann).xml('CreateTags', { 'ResourceId.1': snap, 'Tag.1.Key': 'customer', 'Tag.1.Value': 'acme' })
    for (const filter of [
      { 'Filter.1.Name': 'tag:customer', 'Filter.1.Value.1': 'ac*' },
      { 'Filter.1.Name': 'tag-key', 'Filter.1.Value.1': 'customer' },
      { 'Filter.1.Name': 'tag-value', 'Filter.1.Value.1': 'acme' },
    ]) {
      expect(await as(ann).seen(filter)).toEqual(['tagged'])
      expect(await as(bob).seen(filter)).toEqual([])
      expect(texts(await as(ann).xml('DescribeSnapshots', filter), 'snapshotId')).toEqual([snap])
      expect(texts(await as(bob).xml('DescribeSnapshots', filter), 'snapshotId')).toEqual([])
    }
    expect(texts(await as(bob).xml('DescribeSnapshots'), 'snapshotId')).toEqual([snap])
  })

  test('nobody but its owner changes it', async () => {
    const { wish } = await uploaded(site, ann, 'mine')
    await as(ann).xml('ModifyImageAttribute', { ImageId: wish.ami, 'LaunchPermission.Add.1.Group': 'all' })
    const change = { ImageId: wish.ami, 'Description.Value': 'theirs' }
    expect(await as(bob).code('ModifyImageAttribute', change)).toBe('AuthFailure')
    expect(await as(bob).code('DeregisterImage', { ImageId: wish.ami })).toBe('AuthFailure')
    expect(await as(bob).code('CreateTags', { 'ResourceId.1': wish.ami, 'Tag.1.Key': 'a' })).toBe(
      'UnauthorizedOperation',
    )
    const asked = { ImageId: wish.ami, Attribute: 'launchPermission' }
    expect(await as(bob).code('DescribeImageAttribute', asked)).toBe('AuthFailure')
  })
})

describe('attributes', () => {
  test('description, in both forms', async () => {
    const { wish } = await uploaded(site, ann, 'described')
    const description = () =>
      as(ann).one('DescribeImageAttribute', { ImageId: wish.ami, Attribute: 'description' }, 'value')
    expect(await description()).toBe('mine')
    await as(ann).xml('ModifyImageAttribute', { ImageId: wish.ami, 'Description.Value': 'one' })
    expect(await description()).toBe('one')
    await as(ann).xml('ModifyImageAttribute', { ImageId: wish.ami, Attribute: 'description', Value: 'two' })
    expect(await description()).toBe('two')
    const disks = await as(ann).xml('DescribeImageAttribute', { ImageId: wish.ami, Attribute: 'blockDeviceMapping' })
    expect(texts(disks, 'volumeSize')).toEqual(['4'])
  })

  test.each<[string, Parameters, string]>([
    ['nothing to modify', {}, 'MissingParameter'],
    ['two at once', { 'Description.Value': 'a', 'LaunchPermission.Add.1.Group': 'all' }, 'InvalidParameterCombination'],
    ['an account that is none', { 'LaunchPermission.Add.1.UserId': 'bob' }, 'InvalidParameterValue'],
    ['a group that is none', { 'LaunchPermission.Add.1.Group': 'friends' }, 'InvalidParameterValue'],
    [
      'an operation that is none',
      { Attribute: 'launchPermission', OperationType: 'x', 'UserId.1': '1' },
      'InvalidParameterValue',
    ],
    ['product codes', { 'ProductCode.1': 'x' }, 'UnsupportedOperation'],
  ])('refused: %s', async (_what, parameters, code) => {
    const { wish } = await uploaded(site, ann, 'refusing')
    expect(await as(ann).code('ModifyImageAttribute', { ImageId: wish.ami, ...parameters })).toBe(code)
  })

  test('refused: attributes that there are not', async () => {
    const { wish } = await uploaded(site, ann, 'refusing')
    const code = (action: string, Attribute: string) => as(ann).code(action, { ImageId: wish.ami, Attribute })
    expect(await code('DescribeImageAttribute', 'colour')).toBe('InvalidParameterValue')
    expect(await code('ResetImageAttribute', 'description')).toBe('InvalidParameterValue')
    expect(await as(ann).code('DescribeImageAttribute', { ImageId: wish.ami })).toBe('MissingParameter')
  })
})

test('DeregisterImage: gone at once, its name is free, its instances run on', async () => {
  const { id, wish } = await uploaded(site, ann, 'short-lived')
  await as(ann).xml('RunInstances', { ImageId: wish.ami, MinCount: 1, MaxCount: 1 })
  expect(await as(ann).one('DeregisterImage', { ImageId: wish.ami }, 'return')).toBe('true')
  expect(await as(ann).code('DescribeImages', { 'ImageId.1': wish.ami })).toBe('InvalidAMIID.NotFound')
  expect(await as(ann).code('DeregisterImage', { ImageId: wish.ami })).toBe('InvalidAMIID.NotFound')
  expect(await as(ann).code('RunInstances', { ImageId: wish.ami, MinCount: 1, MaxCount: 1 })).toBe(
    'InvalidAMIID.NotFound',
  )
  expect(texts(await as(ann).xml('DescribeInstances'), 'imageId')).toEqual([wish.ami])
  expect((await site.store.read('image', id))?.wish.exists).toBe(false)
  const again = await uploaded(site, ann, 'short-lived')
  expect(await as(ann).seen({ 'Owner.1': 'self' })).toEqual([again.wish.name])
})

test('tags of images, and DescribeTags', async () => {
  const { wish } = await uploaded(site, ann, 'tagged')
  await as(ann).xml('CreateTags', { 'ResourceId.1': wish.ami, 'Tag.1.Key': 'stage', 'Tag.1.Value': 'test' })
  expect(await as(ann).seen({ 'Filter.1.Name': 'tag:stage', 'Filter.1.Value.1': 'test' })).toEqual(['tagged'])
  expect(texts(await as(ann).xml('DescribeTags'), 'resourceType')).toEqual(['image'])
  await as(ann).xml('DeleteTags', { 'ResourceId.1': wish.ami, 'Tag.1.Key': 'stage' })
  expect(texts(await as(ann).xml('DescribeTags'), 'resourceType')).toEqual([])
})

test('an image without a disk is instance-store: no block device, no root disk in its machines', async () => {
  const kernel = { from: 'upload', bytes: 5000, digest: FILE } as const
  const order = { name: 'diskless', parts: { kernel }, boot: { mode: 'pv', cmdline: null } } as const
  const { image } = await operations.addImage(ann, order)
  const claim = await site.store.claim('image', image.id, 1)
  if (!claim) throw new Error('no image')
  const files = { kernel: { sha256: FILE.hex, bytes: 5000, format: 'kernel', sizeGiB: 1 } }
  await site.store.observe(claim, { seen: { state: 'available', files }, what: 'test' }, 1)
  const xml = await as(ann).xml('DescribeImages', { 'ImageId.1': image.wish.ami })
  expect([texts(xml, 'rootDeviceType'), texts(xml, 'virtualizationType')]).toEqual([
    ['instance-store'],
    ['paravirtual'],
  ])
  expect(texts(xml, 'deviceName')).toEqual([])
  const ran = await as(ann).xml('RunInstances', { ImageId: image.wish.ami, MinCount: 1, MaxCount: 1 })
  expect(texts(ran, 'rootDeviceType')).toEqual(['instance-store'])
  const [compute] = await operations.listComputes(ann)
  expect(compute?.wish).toMatchObject({ disks: [], size: { diskGiB: 0 } })
  expect(texts(await as(ann).xml('DescribeVolumes'), 'volumeId')).toEqual([])
})
