import { call, codeOf, faultOf, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { ann, bob, type FakeOperations, fakeOperations } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

let operations: FakeOperations
beforeEach(() => {
  operations = fakeOperations()
})

type Words = Readonly<Record<string, string>>
const AMI = 'ami-00000000000000001'
const SECRET = Buffer.from('#!/bin/sh\necho hunter2\n').toString('base64')
const data = (words: Words): Words =>
  Object.fromEntries(Object.entries(words).map(([name, value]) => [`LaunchTemplateData.${name}`, value]))
const tagged = (prefix: string, type: string, tags: Words): Words =>
  Object.fromEntries([
    [`${prefix}TagSpecification.1.ResourceType`, type],
    ...Object.entries(tags).flatMap(([key, value], at) => [
      [`${prefix}TagSpecification.1.Tag.${at + 1}.Key`, key],
      [`${prefix}TagSpecification.1.Tag.${at + 1}.Value`, value],
    ]),
  ])
const NANO = data({ ImageId: AMI, InstanceType: 't2.nano' })
const create = (name: string, words: Words = NANO, more: Words = {}) =>
  xmlOf('CreateLaunchTemplate', { LaunchTemplateName: name, ...words, ...more }, { operations })
const version = (name: string, words: Words, more: Words = {}) =>
  xmlOf('CreateLaunchTemplateVersion', { LaunchTemplateName: name, ...words, ...more }, { operations })
const versions = (more: Words) => xmlOf('DescribeLaunchTemplateVersions', more, { operations })
const run = (more: Words) => xmlOf('RunInstances', { MinCount: '1', MaxCount: '1', ...more }, { operations })
const refusal = (action: string, more: Words = {}) => codeOf(action, more, { operations })
const names = async (more: Words = {}) =>
  texts(await xmlOf('DescribeLaunchTemplates', more, { operations }), 'launchTemplateName')
const numbers = async (more: Words) => texts(await versions(more), 'versionNumber')
const lastOrder = () => operations.orders.at(-1)

/** Ids are drawn. */
const masked = (xml: string): string => pretty(xml.replace(/lt-[0-9a-f]{17}/g, 'lt-00000000000000001'))

test('golden: CreateLaunchTemplate, CreateLaunchTemplateVersion and what describes them', async () => {
  const all = data({
    ImageId: AMI,
    InstanceType: 't2.micro',
    KeyName: 'ann',
    UserData: SECRET,
    'Placement.AvailabilityZone': 'local-1a',
    'Monitoring.Enabled': 'true',
    'BlockDeviceMapping.1.DeviceName': '/dev/sda1',
    'BlockDeviceMapping.1.Ebs.VolumeSize': '20',
    'MetadataOptions.HttpTokens': 'required',
    'CreditSpecification.CpuCredits': 'unlimited',
    ...tagged('', 'instance', { 'occi-gateway:replaceable': 'true' }),
  })
  const own = tagged('', 'launch-template', { of: 'ann' })
  expectGolden('ec2/CreateLaunchTemplate.xml', masked(await create('web', all, own)))
  const more = data({ InstanceType: 'm1.small' })
  const second = await version('web', more, { SourceVersion: '1', VersionDescription: 'larger' })
  expectGolden('ec2/CreateLaunchTemplateVersion.xml', masked(second))
  expectGolden('ec2/DescribeLaunchTemplates.xml', masked(await xmlOf('DescribeLaunchTemplates', {}, { operations })))
  const shown = await versions({ LaunchTemplateName: 'web' })
  expectGolden('ec2/DescribeLaunchTemplateVersions.xml', masked(shown))
  expect(texts(shown, 'userData')).toEqual([SECRET, SECRET])
})

test.each<[string, Words, string]>([
  ['no name', { LaunchTemplateName: '', ...NANO }, 'InvalidLaunchTemplateName.MalformedException'],
  ['a name of two', { LaunchTemplateName: 'ab', ...NANO }, 'InvalidLaunchTemplateName.MalformedException'],
  ['a name with a space', { LaunchTemplateName: 'a name', ...NANO }, 'InvalidLaunchTemplateName.MalformedException'],
  ['no data', { LaunchTemplateName: 'web' }, 'MissingParameter'],
  ['an unknown member', { LaunchTemplateName: 'web', ...data({ Imageid: AMI }) }, 'UnknownParameter'],
  [
    'what RunInstances here refuses',
    { LaunchTemplateName: 'web', ...data({ 'CpuOptions.CoreCount': '2' }) },
    'UnsupportedOperation',
  ],
  ['what only templates have', { LaunchTemplateName: 'web', ...data({ RamDiskId: 'ari-1' }) }, 'UnsupportedOperation'],
  [
    'spot',
    { LaunchTemplateName: 'web', ...data({ 'InstanceMarketOptions.MarketType': 'spot' }) },
    'UnsupportedOperation',
  ],
  ['no id of an image', { LaunchTemplateName: 'web', ...data({ ImageId: 'debian' }) }, 'InvalidAMIID.Malformed'],
  [
    'user data that is no base64',
    { LaunchTemplateName: 'web', ...data({ UserData: '!' }) },
    'InvalidUserData.Malformed',
  ],
  [
    'an unknown tag of ours',
    { LaunchTemplateName: 'web', ...data(tagged('', 'instance', { 'occi-gateway:ec2.subnett': 'x' })) },
    'InvalidParameterValue',
  ],
  [
    'a wrong value of a section',
    { LaunchTemplateName: 'web', ...data(tagged('', 'instance', { 'occi-gateway:elastichosts.tier': 'tape' })) },
    'InvalidParameterValue',
  ],
  [
    'a tag that Amazon keeps for itself',
    { LaunchTemplateName: 'web', ...data(tagged('', 'instance', { 'aws:x': 'y' })) },
    'InvalidParameterValue',
  ],
  [
    'tags of what no launch here tags',
    { LaunchTemplateName: 'web', ...data(tagged('', 'spot-instances-request', { a: 'b' })) },
    'UnsupportedOperation',
  ],
  [
    'a tag of the interface that Amazon keeps for itself',
    { LaunchTemplateName: 'web', ...data(tagged('', 'network-interface', { 'aws:x': 'y' })) },
    'InvalidParameterValue',
  ],
  [
    'tags of another thing',
    { LaunchTemplateName: 'web', ...NANO, ...tagged('', 'instance', {}) },
    'InvalidParameterValue',
  ],
  [
    'a description of 256',
    { LaunchTemplateName: 'web', ...NANO, VersionDescription: 'x'.repeat(256) },
    'InvalidParameterValue',
  ],
])('CreateLaunchTemplate makes none with %s', async (_what, words, code) => {
  expect(await refusal('CreateLaunchTemplate', words)).toBe(code)
  expect(await names()).toEqual([])
})

test('a refusal names the parameter as the request wrote it', async () => {
  const words = { LaunchTemplateName: 'web', ...data({ 'CpuOptions.CoreCount': '2' }) }
  const { message } = await faultOf('CreateLaunchTemplate', words, { operations })
  expect(message).toContain('LaunchTemplateData.CpuOptions')
})

test("EC2's words for what is taken or not there; another project's is not there", async () => {
  await create('web')
  expect(await refusal('CreateLaunchTemplate', { LaunchTemplateName: 'web', ...NANO })).toBe(
    'InvalidLaunchTemplateName.AlreadyExistsException',
  )
  const byName = { LaunchTemplateName: 'none' }
  const byId = { LaunchTemplateId: 'lt-0123456789abcdef0' }
  for (const action of ['DeleteLaunchTemplate', 'DescribeLaunchTemplateVersions']) {
    expect(await refusal(action, byName)).toBe('InvalidLaunchTemplateName.NotFoundException')
    expect(await refusal(action, byId)).toBe('InvalidLaunchTemplateId.NotFound')
    expect(await refusal(action, { LaunchTemplateId: 'lt-1' })).toBe('InvalidLaunchTemplateId.Malformed')
    expect(await refusal(action, { ...byId, ...byName })).toBe('InvalidParameterCombination')
    expect(await refusal(action)).toBe('MissingParameter')
    expect(await codeOf(action, { LaunchTemplateName: 'web' }, { operations, caller: bob })).toBe(
      'InvalidLaunchTemplateName.NotFoundException',
    )
  }
  const nine = { LaunchTemplateName: 'web', 'LaunchTemplateVersion.1': '9' }
  expect(await refusal('DescribeLaunchTemplateVersions', nine)).toBe('InvalidLaunchTemplateId.VersionNotFound')
  expect(await refusal('ModifyLaunchTemplate', { LaunchTemplateName: 'web', SetDefaultVersion: '9' })).toBe(
    'InvalidLaunchTemplateId.VersionNotFound',
  )
  expect(await refusal('ModifyLaunchTemplate', { LaunchTemplateName: 'web' })).toBe('MissingParameter')
  const source = { LaunchTemplateName: 'web', ...NANO, SourceVersion: '9' }
  expect(await refusal('CreateLaunchTemplateVersion', source)).toBe('InvalidLaunchTemplateId.VersionNotFound')
  expect(await refusal('DescribeLaunchTemplates', { 'LaunchTemplateName.1': 'none' })).toBe(
    'InvalidLaunchTemplateName.NotFoundException',
  )
})

test('versions: numbers are given once, the default is set, the latest follows', async () => {
  await create('web')
  await version('web', NANO)
  await version('web', NANO)
  expect(await numbers({ LaunchTemplateName: 'web' })).toEqual(['3', '2', '1'])
  const modified = await xmlOf(
    'ModifyLaunchTemplate',
    { LaunchTemplateName: 'web', SetDefaultVersion: '2' },
    { operations },
  )
  expect([texts(modified, 'defaultVersionNumber'), texts(modified, 'latestVersionNumber')]).toEqual([['2'], ['3']])
  const ended = await xmlOf(
    'DeleteLaunchTemplateVersions',
    {
      LaunchTemplateName: 'web',
      'LaunchTemplateVersion.1': '3',
      'LaunchTemplateVersion.2': '2',
      'LaunchTemplateVersion.3': '7',
    },
    { operations },
  )
  expect(texts(ended, 'versionNumber')).toEqual(['3', '2', '7'])
  expect(texts(ended, 'code')).toEqual(['unexpectedError', 'launchTemplateVersionDoesNotExist'])
  expect(await numbers({ LaunchTemplateName: 'web' })).toEqual(['2', '1'])
  expect(texts(await version('web', NANO), 'versionNumber')).toEqual(['4'])
})

test('DescribeLaunchTemplateVersions by number, by word, by bounds, of all templates, by filters and in pages', async () => {
  await create('web')
  await version('web', data({ InstanceType: 't2.micro' }))
  await create('database')
  const web = { LaunchTemplateName: 'web' }
  expect(await numbers({ ...web, 'LaunchTemplateVersion.1': '1' })).toEqual(['1'])
  expect(await numbers({ ...web, 'LaunchTemplateVersion.1': '$Latest', 'LaunchTemplateVersion.2': '2' })).toEqual(['2'])
  expect(await numbers({ ...web, 'LaunchTemplateVersion.1': '$Default' })).toEqual(['1'])
  expect(await numbers({ ...web, MinVersion: '2' })).toEqual(['2'])
  expect(await numbers({ ...web, MaxVersion: '1' })).toEqual(['1'])
  expect(await numbers({ 'LaunchTemplateVersion.1': '$Latest' })).toEqual(['1', '2'])
  const filtered = (name: string, value: string) =>
    numbers({ ...web, 'Filter.1.Name': name, 'Filter.1.Value.1': value })
  expect(await filtered('instance-type', 't2.micro')).toEqual(['2'])
  expect(await filtered('is-default-version', 'true')).toEqual(['1'])
  expect(await filtered('image-id', AMI)).toEqual(['1'])
  expect(await filtered('kernel-id', '*')).toEqual([])
  const first = await versions({ ...web, MaxResults: '1' })
  const [token = ''] = texts(first, 'nextToken')
  expect(texts(first, 'versionNumber')).toEqual(['2'])
  expect(await numbers({ ...web, MaxResults: '1', NextToken: token })).toEqual(['1'])
  expect(await refusal('DescribeLaunchTemplateVersions', { 'LaunchTemplateVersion.1': '1' })).toBe(
    'InvalidParameterValue',
  )
  expect(await refusal('DescribeLaunchTemplateVersions', { ...web, 'LaunchTemplateVersion.1': 'x' })).toBe(
    'InvalidParameterValue',
  )
})

test('DescribeLaunchTemplates by names, filters and in pages', async () => {
  await create('web', NANO, tagged('', 'launch-template', { of: 'ann' }))
  await create('database')
  expect(await names({ 'LaunchTemplateName.1': 'database' })).toEqual(['database'])
  expect(await names({ 'Filter.1.Name': 'launch-template-name', 'Filter.1.Value.1': 'w*' })).toEqual(['web'])
  expect(await names({ 'Filter.1.Name': 'tag:of', 'Filter.1.Value.1': 'ann' })).toEqual(['web'])
  const first = await xmlOf('DescribeLaunchTemplates', { MaxResults: '1' }, { operations })
  expect(texts(first, 'launchTemplateName')).toEqual(['web'])
  expect(await names({ MaxResults: '1', NextToken: texts(first, 'nextToken')[0] ?? '' })).toEqual(['database'])
  expect(texts(await xmlOf('DescribeTags', {}, { operations }), 'resourceType')).toEqual(['launch-template'])
})

test('a dry run changes nothing', async () => {
  const dry = { LaunchTemplateName: 'web', ...NANO, DryRun: 'true' }
  expect((await call('CreateLaunchTemplate', dry, { operations })).status).toBe(412)
  expect(await names()).toEqual([])
  await create('web')
  for (const [action, more] of [
    ['CreateLaunchTemplateVersion', NANO],
    ['DeleteLaunchTemplate', {}],
    ['ModifyLaunchTemplate', { SetDefaultVersion: '1' }],
    ['DeleteLaunchTemplateVersions', { 'LaunchTemplateVersion.1': '1' }],
  ] as const) {
    const asked = { LaunchTemplateName: 'web', ...more, DryRun: 'true' }
    expect((await call(action, asked, { operations })).status).toBe(412)
  }
  expect(await numbers({ LaunchTemplateName: 'web' })).toEqual(['1'])
})

test('a read-only key looks, and changes nothing', async () => {
  await create('web')
  const caller = { ...ann, access: 'read-only' } as const
  const web = { LaunchTemplateName: 'web' }
  expect((await call('DescribeLaunchTemplateVersions', web, { operations, caller })).status).toBe(200)
  for (const action of ['CreateLaunchTemplate', 'DeleteLaunchTemplate', 'ModifyLaunchTemplate'])
    expect(await codeOf(action, web, { operations, caller })).toBe('UnauthorizedOperation')
})

test('a template that is deleted while all are listed is left out', async () => {
  await create('web')
  await create('data')
  const [first] = await operations.listTemplateVersions(ann)
  const meanwhile = { ...operations, listTemplateVersions: async () => (first ? [first] : []) }
  const shown = await xmlOf(
    'DescribeLaunchTemplateVersions',
    { 'LaunchTemplateVersion.1': '$Latest' },
    {
      operations: meanwhile,
    },
  )
  expect(texts(shown, 'launchTemplateName')).toHaveLength(1)
})

test('the same ClientToken gets the first answer; with other parameters it is refused', async () => {
  const first = await create('web', NANO, { ClientToken: 'one' })
  expect(await create('web', NANO, { ClientToken: 'one' })).toBe(first)
  const other = { LaunchTemplateName: 'web', ...data({ ImageId: AMI }), ClientToken: 'one' }
  expect(await refusal('CreateLaunchTemplate', other)).toBe('IdempotentParameterMismatch')
  // It is a name in the store for a day: as long as EC2 has it, and no longer.
  for (const ClientToken of ['x'.repeat(129), 'a b', 'ä'])
    expect(await refusal('CreateLaunchTemplate', { ...other, ClientToken })).toBe('InvalidParameterValue')
  await create('long', NANO, { ClientToken: 'x'.repeat(128) })
  await version('web', NANO, { ClientToken: 'two' })
  expect(texts(await version('web', NANO, { ClientToken: 'two' }), 'versionNumber')).toEqual(['2'])
  expect(await numbers({ LaunchTemplateName: 'web' })).toEqual(['2', '1'])
})

describe('RunInstances', () => {
  const by = (more: Words = {}) => ({ 'LaunchTemplate.LaunchTemplateName': 'web', ...more })

  test('by the default version, a number, $Latest and the id; what the request says wins', async () => {
    const [id = ''] = texts(await create('web'), 'launchTemplateId')
    await version('web', data({ ImageId: AMI, InstanceType: 't2.micro' }))
    const types: (string | undefined)[] = []
    for (const more of [
      by(),
      by({ 'LaunchTemplate.Version': '$Default' }),
      by({ 'LaunchTemplate.Version': '2' }),
      by({ 'LaunchTemplate.Version': '$Latest' }),
      { 'LaunchTemplate.LaunchTemplateId': id, 'LaunchTemplate.Version': '$Latest' },
      by({ InstanceType: 'm1.small' }),
    ]) {
      await run(more)
      types.push(lastOrder()?.type)
    }
    expect(types).toEqual(['t2.nano', 't2.nano', 't2.micro', 't2.micro', 't2.micro', 'm1.small'])
    expect(lastOrder()?.launchTemplate).toEqual({ template: id, version: 1 })
  })

  test('repeated under its token gets the same machine after the template was deleted', async () => {
    await create('web')
    const first = await run(by({ ClientToken: 't-1' }))
    await xmlOf('DeleteLaunchTemplate', { LaunchTemplateName: 'web' }, { operations })
    expect(texts(await run(by({ ClientToken: 't-1' })), 'instanceId')).toEqual(texts(first, 'instanceId'))
    const another = { MinCount: '1', MaxCount: '1', ...by({ ClientToken: 't-2' }) }
    expect(await refusal('RunInstances', another)).toBe('InvalidLaunchTemplateName.NotFoundException')
  })

  test('a typed section per provider comes through the tags of the template', async () => {
    const tags = {
      'occi-gateway:regions': 'eu-west-1',
      'occi-gateway:ec2.subnet': 'subnet-a',
      'occi-gateway:elastichosts.tier': 'ssd',
      Name: 'web',
    }
    await create('web', data({ ImageId: AMI, UserData: SECRET, ...tagged('', 'instance', tags) }))
    await run(by(tagged('', 'instance', { 'occi-gateway:ec2.subnet': 'subnet-b', role: 'front' })))
    expect(lastOrder()).toMatchObject({
      tags: { ...tags, 'occi-gateway:ec2.subnet': 'subnet-b', role: 'front' },
      burst: { regions: ['eu-west-1'], sections: { ec2: { subnet: 'subnet-b' }, elastichosts: { tier: 'ssd' } } },
      userData: SECRET,
    })
  })

  test('the token is of the request: a template that got another default since changes no repetition', async () => {
    await create('web')
    const token = by({ ClientToken: 'once' })
    await run(token)
    await version('web', data({ ImageId: AMI, InstanceType: 'm1.small' }))
    await xmlOf('ModifyLaunchTemplate', { LaunchTemplateName: 'web', SetDefaultVersion: '2' }, { operations })
    await run(token)
    const [first, again] = operations.orders.map((order) => order.token?.digest)
    expect(again).toBe(first)
  })

  test.each<[string, Words, string]>([
    ['no such name', { 'LaunchTemplate.LaunchTemplateName': 'none' }, 'InvalidLaunchTemplateName.NotFoundException'],
    ['no such id', { 'LaunchTemplate.LaunchTemplateId': 'lt-0123456789abcdef0' }, 'InvalidLaunchTemplateId.NotFound'],
    ['no such version', by({ 'LaunchTemplate.Version': '7' }), 'InvalidLaunchTemplateId.VersionNotFound'],
    ['neither', { 'LaunchTemplate.Version': '1' }, 'MissingParameter'],
    ['no image in either', by({ 'LaunchTemplate.Version': '2' }), 'MissingParameter'],
  ])('%s: nothing runs', async (_what, more, code) => {
    await create('web')
    await version('web', data({ InstanceType: 't2.nano' }))
    expect(await refusal('RunInstances', { MinCount: '1', MaxCount: '1', ...more })).toBe(code)
    expect(operations.orders).toEqual([])
  })
})

test('GetLaunchTemplateData: a machine by a template of it is the same machine', async () => {
  const placed = { 'Placement.AvailabilityZone': 'local-1b', UserData: SECRET }
  const xml = await run({
    ImageId: AMI,
    InstanceType: 't2.micro',
    ...placed,
    ...tagged('', 'instance', { role: 'web' }),
  })
  const [InstanceId = ''] = texts(xml, 'instanceId')
  const told = await xmlOf('GetLaunchTemplateData', { InstanceId }, { operations })
  expect(texts(told, 'imageId')).toEqual([AMI])
  expect(texts(told, 'instanceType')).toEqual(['t2.micro'])
  expect(texts(told, 'availabilityZone')).toEqual(['local-1b'])
  expect(texts(told, 'key')).toEqual(['role'])
  expect(await refusal('GetLaunchTemplateData', { InstanceId: 'i-0123456789abcdef0' })).toBe(
    'InvalidInstanceID.NotFound',
  )
})
