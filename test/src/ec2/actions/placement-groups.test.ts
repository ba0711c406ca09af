import { call, codeOf, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { ann, bob, type FakeOperations, fakeOperations } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

let operations: FakeOperations
beforeEach(() => {
  operations = fakeOperations()
})
const tagged = (tags: Readonly<Record<string, string>>) =>
  Object.fromEntries([
    ['TagSpecification.1.ResourceType', 'placement-group'],
    ...Object.entries(tags).flatMap(([key, value], at) => [
      [`TagSpecification.1.Tag.${at + 1}.Key`, key],
      [`TagSpecification.1.Tag.${at + 1}.Value`, value],
    ]),
  ])
const create = (GroupName: string, more = {}) => xmlOf('CreatePlacementGroup', { GroupName, ...more }, { operations })
const describe_ = (more = {}) => xmlOf('DescribePlacementGroups', more, { operations })
const run = (more = {}, count = 1) =>
  xmlOf(
    'RunInstances',
    { ImageId: 'ami-00000000000000001', MinCount: `${count}`, MaxCount: `${count}`, ...more },
    { operations },
  )
const refusal = (action: string, more = {}) => codeOf(action, more, { operations })
const rules = () => [...operations.placementGroups.values()].map(({ wish }) => wish.rule)

test('golden: CreatePlacementGroup and DescribePlacementGroups', async () => {
  expectGolden(
    'ec2/CreatePlacementGroup.xml',
    pretty(await create('front', { Strategy: 'spread', SpreadLevel: 'host', ...tagged({ of: 'ann' }) })),
  )
  await create('near')
  await create('parts', { Strategy: 'partition', PartitionCount: '3' })
  expectGolden('ec2/DescribePlacementGroups.xml', pretty(await describe_()))
})

test("EC2's strategies as our rules", async () => {
  await create('a')
  await create('b', {
    Strategy: 'cluster',
    ...tagged({ 'occi-gateway:over': 'rack', 'occi-gateway:strength': 'soft' }),
  })
  await create('c', { Strategy: 'spread' })
  await create('d', { Strategy: 'spread', SpreadLevel: 'host', ...tagged({ 'occi-gateway:over': 'host' }) })
  await create('e', { Strategy: 'partition' })
  await create('f', { Strategy: 'spread', ...tagged({ 'occi-gateway:over': 'zone' }) })
  expect(rules()).toEqual([
    { keeps: 'together', over: 'host', strength: 'hard' },
    { keeps: 'together', over: 'rack', strength: 'soft' },
    { keeps: 'apart', over: 'rack', strength: 'hard' },
    { keeps: 'apart', over: 'host', strength: 'hard' },
    { keeps: 'partitions', over: 'rack', strength: 'hard', partitions: 2 },
    { keeps: 'apart', over: 'zone', strength: 'hard' },
  ])
})

test.each<[string, object, string]>([
  ['no name', {}, 'MissingParameter'],
  ['an empty name', { GroupName: '' }, 'InvalidParameterValue'],
  ['an unknown strategy', { GroupName: 'x', Strategy: 'near' }, 'InvalidParameterValue'],
  ['partitions of a cluster', { GroupName: 'x', PartitionCount: '2' }, 'InvalidParameterCombination'],
  ['eight partitions', { GroupName: 'x', Strategy: 'partition', PartitionCount: '8' }, 'InvalidParameterValue'],
  ['a level of a cluster', { GroupName: 'x', SpreadLevel: 'host' }, 'InvalidParameterCombination'],
  ['an unknown level', { GroupName: 'x', Strategy: 'spread', SpreadLevel: 'room' }, 'InvalidParameterValue'],
  ['an unknown tag of ours', { GroupName: 'x', ...tagged({ 'occi-gateway:ovre': 'rack' }) }, 'InvalidParameterValue'],
  ['no strength', { GroupName: 'x', ...tagged({ 'occi-gateway:strength': 'some' }) }, 'InvalidParameterValue'],
  [
    'a tag that says otherwise than the level',
    { GroupName: 'x', Strategy: 'spread', SpreadLevel: 'host', ...tagged({ 'occi-gateway:over': 'zone' }) },
    'InvalidParameterCombination',
  ],
  [
    'soft partitions',
    { GroupName: 'x', Strategy: 'partition', ...tagged({ 'occi-gateway:strength': 'soft' }) },
    'InvalidParameterCombination',
  ],
  ['a linked group', { GroupName: 'x', LinkedGroupId: 'pg-1' }, 'UnsupportedOperation'],
  ['tags of another thing', { GroupName: 'x', 'TagSpecification.1.ResourceType': 'instance' }, 'InvalidParameterValue'],
])('CreatePlacementGroup changes nothing with %s', async (_what, input, code) => {
  expect(await refusal('CreatePlacementGroup', input)).toBe(code)
  expect(rules()).toEqual([])
})

test('a dry run makes none', async () => {
  expect((await call('CreatePlacementGroup', { GroupName: 'x', DryRun: 'true' }, { operations })).status).toBe(412)
  expect(rules()).toEqual([])
})

test("EC2's words for a name that is taken, unknown or in use", async () => {
  await create('front')
  expect(await refusal('CreatePlacementGroup', { GroupName: 'front' })).toBe('InvalidPlacementGroup.Duplicate')
  expect(await refusal('DeletePlacementGroup', { GroupName: 'back' })).toBe('InvalidPlacementGroup.Unknown')
  expect(await refusal('DeletePlacementGroup', {})).toBe('MissingParameter')
  expect(await refusal('DescribePlacementGroups', { 'GroupName.1': 'back' })).toBe('InvalidPlacementGroup.Unknown')
  expect(await refusal('DescribePlacementGroups', { 'GroupId.1': 'sg-1' })).toBe('InvalidPlacementGroupId.Malformed')
  await run({ 'Placement.GroupName': 'front' })
  expect(await refusal('DeletePlacementGroup', { GroupName: 'front' })).toBe('InvalidPlacementGroup.InUse')
  expect(await codeOf('DeletePlacementGroup', { GroupName: 'front' }, { operations, caller: bob })).toBe(
    'InvalidPlacementGroup.Unknown',
  )
})

test('DeletePlacementGroup', async () => {
  await create('front')
  const dry = { GroupName: 'front', DryRun: 'true' }
  expect((await call('DeletePlacementGroup', dry, { operations })).status).toBe(412)
  expect(texts(await describe_(), 'groupName')).toEqual(['front'])
  await xmlOf('DeletePlacementGroup', { GroupName: 'front' }, { operations })
  expect(texts(await describe_(), 'groupName')).toEqual([])
})

test.each<[string, object, string[]]>([
  ['by name', { 'GroupName.1': 'b' }, ['b']],
  ['by id', { 'GroupId.1': 'pg-00000000000000001' }, ['a']],
  ['by strategy', { 'Filter.1.Name': 'strategy', 'Filter.1.Value.1': 'spread' }, ['b']],
  ['by level', { 'Filter.1.Name': 'spread-level', 'Filter.1.Value.1': 'rack' }, ['b']],
  ['by state', { 'Filter.1.Name': 'state', 'Filter.1.Value.1': 'deleting' }, []],
  ['by name filter', { 'Filter.1.Name': 'group-name', 'Filter.1.Value.1': '?' }, ['a', 'b', 'c']],
  ['by id filter', { 'Filter.1.Name': 'group-id', 'Filter.1.Value.1': '*3' }, ['c']],
  ['by arn', { 'Filter.1.Name': 'group-arn', 'Filter.1.Value.1': '*:placement-group/a' }, ['a']],
  ['by tag', { 'Filter.1.Name': 'tag:of', 'Filter.1.Value.1': 'ann' }, ['c']],
  ['by tag-key', { 'Filter.1.Name': 'tag-key', 'Filter.1.Value.1': 'of' }, ['c']],
])('DescribePlacementGroups %s', async (_how, more, names) => {
  await create('a')
  await create('b', { Strategy: 'spread' })
  await create('c', { Strategy: 'partition', ...tagged({ of: 'ann' }) })
  expect(texts(await describe_(more), 'groupName')).toEqual(names)
})

describe('machines', () => {
  const placements = (xml: string) => texts(xml, 'placement').length
  const found = async (name: string, value: string) =>
    texts(
      await xmlOf('DescribeInstances', { 'Filter.1.Name': name, 'Filter.1.Value.1': value }, { operations }),
      'instanceId',
    )

  test('are run into a group by its name or id, and show it; filters find them', async () => {
    await create('front', { Strategy: 'spread' })
    await create('parts', { Strategy: 'partition', PartitionCount: '2' })
    const xml = await run({ 'Placement.GroupName': 'front' })
    expect([texts(xml, 'groupName')[0], texts(xml, 'partitionNumber'), placements(xml)]).toEqual(['front', [], 0])
    await run({ 'Placement.GroupId': 'pg-00000000000000002', 'Placement.PartitionNumber': '2' })
    await run()
    expect(operations.orders.map(({ placementGroup }) => placementGroup?.partition)).toEqual([undefined, 2, undefined])
    expect(await found('placement-group-name', 'front')).toHaveLength(1)
    expect(await found('placement-group-name', '*')).toHaveLength(2)
    expect(await found('placement-partition-number', '2')).toHaveLength(1)
  })

  test.each<[string, object, string]>([
    ['a group that is not there', { 'Placement.GroupName': 'back' }, 'InvalidPlacementGroup.Unknown'],
    ['no id', { 'Placement.GroupId': 'front' }, 'InvalidPlacementGroupId.Malformed'],
    ['a partition alone', { 'Placement.PartitionNumber': '1' }, 'InvalidParameterCombination'],
    [
      'a partition of what has none',
      { 'Placement.GroupName': 'front', 'Placement.PartitionNumber': '1' },
      'InvalidParameterCombination',
    ],
    [
      'a partition too many',
      { 'Placement.GroupName': 'parts', 'Placement.PartitionNumber': '3' },
      'InvalidParameterValue',
    ],
    [
      'two groups',
      { 'Placement.GroupName': 'front', 'Placement.GroupId': 'pg-00000000000000002' },
      'InvalidParameterCombination',
    ],
    ['a host of nobody’s', { 'Placement.Tenancy': 'host' }, 'MissingParameter'],
  ])('are not run with %s', async (_what, more, code) => {
    await create('front')
    await create('parts', { Strategy: 'partition' })
    const order = { ImageId: 'ami-00000000000000001', MinCount: '1', MaxCount: '1', ...more }
    expect(await refusal('RunInstances', order)).toBe(code)
    expect(operations.computes.size).toBe(0)
  })

  test('ModifyInstancePlacement: into a group, to another partition, out of it; of a stopped machine only', async () => {
    await create('parts', { Strategy: 'partition', PartitionCount: '3' })
    const [InstanceId = ''] = texts(await run(), 'instanceId')
    const modify = (more: object) => xmlOf('ModifyInstancePlacement', { InstanceId, ...more }, { operations })
    const now = () => [...operations.computes.values()][0]?.wish.placementGroup?.partition
    expect(await refusal('ModifyInstancePlacement', { InstanceId, GroupName: 'parts' })).toBe('IncorrectInstanceState')
    await xmlOf('StopInstances', { 'InstanceId.1': InstanceId }, { operations })
    expect(texts(await modify({ GroupName: 'parts', PartitionNumber: '2' }), 'return')).toEqual(['true'])
    expect(now()).toBe(2)
    await modify({ PartitionNumber: '3' })
    expect(now()).toBe(3)
    await modify({ GroupName: '' })
    expect(now()).toBeUndefined()
    expect(await refusal('ModifyInstancePlacement', { InstanceId })).toBe('MissingParameter')
    expect(await refusal('ModifyInstancePlacement', { InstanceId, GroupName: 'back' })).toBe(
      'InvalidPlacementGroup.Unknown',
    )
    for (const other of [{ HostId: 'h-1' }, { Tenancy: 'dedicated' }, { Affinity: 'host' }])
      expect(await refusal('ModifyInstancePlacement', { InstanceId, ...other })).toBe('UnsupportedOperation')
    await modify({ GroupName: 'parts', Tenancy: 'default', Affinity: 'default' })
    expect(now()).toBe(1)
  })

  test('tags of groups are told by DescribeTags and taken by CreateTags', async () => {
    await create('front', tagged({ of: 'ann' }))
    const xml = await xmlOf('DescribeTags', {}, { operations, caller: ann })
    expect([texts(xml, 'resourceType'), texts(xml, 'resourceId')]).toEqual([
      ['placement-group'],
      ['pg-00000000000000001'],
    ])
  })
})
