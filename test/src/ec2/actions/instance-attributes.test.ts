import { call, codeOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { bob, type FakeOperations, fakeOperations } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

let operations: FakeOperations
let id: string
let one: Parameters
const launch = (more: Parameters = {}) =>
  xmlOf('RunInstances', { MinCount: 1, MaxCount: 1, ImageId: 'ami-00000000000000001', ...more }, { operations })
beforeEach(async () => {
  operations = fakeOperations()
  await launch({ UserData: 'aGk=' })
  const [record] = [...operations.computes.values()]
  id = record?.id ?? ''
  one = { InstanceId: record?.wish.name ?? '' }
})
const describe_ = (attribute: string) =>
  xmlOf('DescribeInstanceAttribute', { ...one, Attribute: attribute }, { operations })
const modify = (more: Parameters) => xmlOf('ModifyInstanceAttribute', { ...one, ...more }, { operations })
const lastVerb = () => operations.verbs.at(-1)

test.each([
  'instanceType',
  'userData',
  'disableApiTermination',
  'instanceInitiatedShutdownBehavior',
  'rootDeviceName',
  'blockDeviceMapping',
  'groupSet',
])('golden: DescribeInstanceAttribute %s', async (attribute) => {
  expectGolden(`ec2/DescribeInstanceAttribute-${attribute}.xml`, pretty(await describe_(attribute)))
})

test.each<[string, string, string]>([
  ['sourceDestCheck', 'value', 'true'],
  ['ebsOptimized', 'value', 'false'],
  ['disableApiStop', 'value', 'false'],
  ['enaSupport', 'value', 'false'],
  ['kernel', 'kernel', ''],
  ['ramdisk', 'ramdisk', ''],
  ['productCodes', 'productCodes', ''],
])('DescribeInstanceAttribute %s says <%s>%s', async (attribute, tag, value) => {
  expect(texts(await describe_(attribute), tag)).toEqual([value])
})

test.each<[string, Parameters, string, object]>([
  ['type', { 'InstanceType.Value': 't2.micro' }, 'resizeCompute', { type: 't2.micro', dryRun: false }],
  ['type by name', { Attribute: 'instanceType', Value: 'm1.small' }, 'resizeCompute', { type: 'm1.small' }],
  ['user data', { 'UserData.Value': 'Ynll' }, 'setUserData', { userData: 'Ynll' }],
  ['user data by name', { Attribute: 'userData', Value: 'Ynll' }, 'setUserData', { userData: 'Ynll' }],
  ['no user data', { 'UserData.Value': '' }, 'setUserData', { userData: '' }],
  ['protection', { 'DisableApiTermination.Value': true }, 'setOptions', { options: { isProtected: true } }],
  [
    'protection by name',
    { Attribute: 'disableApiTermination', Value: 'true' },
    'setOptions',
    { options: { isProtected: true } },
  ],
  [
    'behaviour at shutdown',
    { 'InstanceInitiatedShutdownBehavior.Value': 'terminate' },
    'setOptions',
    { options: { onShutdown: 'terminate' } },
  ],
])('ModifyInstanceAttribute: %s', async (_what, more, name, input) => {
  const xml = await modify(more)
  expect(texts(xml, 'return')).toEqual(['true'])
  expect(lastVerb()).toMatchObject({ name, input })
})

test('golden: ModifyInstanceAttribute, and what it changed is shown', async () => {
  expectGolden('ec2/ModifyInstanceAttribute.xml', pretty(await modify({ 'InstanceType.Value': 't2.micro' })))
  expect(texts(await describe_('instanceType'), 'value')).toEqual(['t2.micro'])
  await modify({ 'DisableApiTermination.Value': true })
  expect(texts(await describe_('disableApiTermination'), 'value')).toEqual(['true'])
})

test.each<[string, Parameters]>([
  ['SourceDestCheck', { 'SourceDestCheck.Value': true }],
  ['EbsOptimized', { 'EbsOptimized.Value': false }],
  ['DisableApiStop', { 'DisableApiStop.Value': false }],
  ['sourceDestCheck by name', { Attribute: 'sourceDestCheck', Value: 'true' }],
  [
    'the root disk that goes with it',
    { 'BlockDeviceMapping.1.DeviceName': '/dev/sda1', 'BlockDeviceMapping.1.Ebs.DeleteOnTermination': true },
  ],
])('what is so anyway is accepted: %s', async (_what, more) => {
  await modify(more)
  expect(operations.verbs).toEqual([])
})

test.each<[string, Parameters, string]>([
  ['nothing', {}, 'MissingParameter'],
  [
    'two at once',
    { 'InstanceType.Value': 't2.micro', 'DisableApiTermination.Value': true },
    'InvalidParameterCombination',
  ],
  ['no such type', { 'InstanceType.Value': 'x9.huge' }, 'InvalidInstanceType'],
  ['another behaviour', { 'InstanceInitiatedShutdownBehavior.Value': 'hibernate' }, 'InvalidParameterValue'],
  ['no boolean', { Attribute: 'disableApiTermination', Value: 'maybe' }, 'InvalidParameterValue'],
  ['an attribute that is fixed', { Attribute: 'kernel', Value: 'aki-1' }, 'UnsupportedOperation'],
  ['no source check', { 'SourceDestCheck.Value': false }, 'UnsupportedOperation'],
  ['no source check, by name', { Attribute: 'sourceDestCheck', Value: 'false' }, 'UnsupportedOperation'],
  ['a group that is not there', { 'GroupId.1': 'sg-00000000000000001' }, 'InvalidGroup.NotFound'],
  [
    'a root disk that stays',
    { 'BlockDeviceMapping.1.DeviceName': '/dev/sda1', 'BlockDeviceMapping.1.Ebs.DeleteOnTermination': false },
    'UnsupportedOperation',
  ],
  [
    'a device that is not there',
    { 'BlockDeviceMapping.1.DeviceName': '/dev/sdq', 'BlockDeviceMapping.1.Ebs.DeleteOnTermination': true },
    'InvalidParameterValue',
  ],
  ['a disk of which nothing is said', { 'BlockDeviceMapping.1.DeviceName': '/dev/sda1' }, 'MissingParameter'],
])('ModifyInstanceAttribute refused: %s', async (_what, more, code) => {
  expect(await codeOf('ModifyInstanceAttribute', { ...one, ...more }, { operations })).toBe(code)
  expect(operations.computes.get(id)?.rev).toBe(1)
})

test.each(['DescribeInstanceAttribute', 'ModifyInstanceAttribute', 'ResetInstanceAttribute'])(
  '%s of what is not there',
  async (action) => {
    const rest = { Attribute: 'sourceDestCheck', ...(action.startsWith('Modify') ? { Value: 'true' } : {}) }
    expect(await codeOf(action, { ...rest, InstanceId: 'i-00000000000000099' }, { operations })).toBe(
      'InvalidInstanceID.NotFound',
    )
    expect(await codeOf(action, { ...rest, InstanceId: 'web' }, { operations })).toBe('InvalidInstanceID.Malformed')
    expect(await codeOf(action, { ...rest, ...one }, { operations, caller: bob })).toBe('InvalidInstanceID.NotFound')
    expect(await codeOf(action, rest, { operations })).toBe('MissingParameter')
  },
)

test('ResetInstanceAttribute: the source check is as it would be; a kernel there is none; all else is no attribute', async () => {
  const reset = (Attribute: string) => ({ ...one, Attribute })
  expectGolden(
    'ec2/ResetInstanceAttribute.xml',
    pretty(await xmlOf('ResetInstanceAttribute', reset('sourceDestCheck'), { operations })),
  )
  expect(await codeOf('ResetInstanceAttribute', reset('kernel'), { operations })).toBe('UnsupportedOperation')
  expect(await codeOf('ResetInstanceAttribute', reset('instanceType'), { operations })).toBe('InvalidParameterValue')
  expect(await codeOf('DescribeInstanceAttribute', reset('colour'), { operations })).toBe('InvalidParameterValue')
  expect(await codeOf('DescribeInstanceAttribute', reset('__proto__'), { operations })).toBe('InvalidParameterValue')
})

test('DryRun changes nothing', async () => {
  const answer = await call(
    'ModifyInstanceAttribute',
    { ...one, 'DisableApiTermination.Value': true, DryRun: true },
    { operations },
  )
  expect(answer.status).toBe(412)
  expect(lastVerb()?.input).toMatchObject({ dryRun: true })
  expect(texts(await describe_('disableApiTermination'), 'value')).toEqual(['false'])
})

test('at launch: protection, behaviour at shutdown, monitoring', async () => {
  const xml = await launch({
    DisableApiTermination: true,
    InstanceInitiatedShutdownBehavior: 'terminate',
    'Monitoring.Enabled': true,
  })
  expect(operations.orders.at(-1)?.options).toEqual({ isProtected: true, onShutdown: 'terminate', monitoring: true })
  expect(xml).toContain('<monitoring><state>enabled</state></monitoring>')
  await launch({ DisableApiTermination: false, InstanceInitiatedShutdownBehavior: 'stop', 'Monitoring.Enabled': false })
  expect(operations.orders.at(-1)).not.toHaveProperty('options')
  const wrong = { MinCount: 1, MaxCount: 1, ImageId: 'ami-00000000000000001', InstanceInitiatedShutdownBehavior: 'x' }
  expect(await codeOf('RunInstances', wrong, { operations })).toBe('InvalidParameterValue')
})

test('golden: MonitorInstances, shown and filtered, and taken back', async () => {
  await launch()
  const { InstanceId = '' } = one
  const xml = await xmlOf('MonitorInstances', { 'InstanceId.1': InstanceId }, { operations })
  expectGolden('ec2/MonitorInstances.xml', pretty(xml))
  const filter = { 'Filter.1.Name': 'monitoring-state', 'Filter.1.Value.1': 'enabled' }
  expect(texts(await xmlOf('DescribeInstances', filter, { operations }), 'instanceId')).toEqual([InstanceId])
  const back = await xmlOf('UnmonitorInstances', { 'InstanceId.1': InstanceId }, { operations })
  expect(texts(back, 'state')).toEqual(['disabled'])
  expect(await codeOf('MonitorInstances', {}, { operations })).toBe('MissingParameter')
  expect(await codeOf('MonitorInstances', { 'InstanceId.1': 'x' }, { operations })).toBe('InvalidInstanceID.Malformed')
})

test('golden: ModifyInstanceMetadataOptions: what is named changes, the rest stays, and all is shown', async () => {
  const first = await xmlOf('ModifyInstanceMetadataOptions', { ...one, HttpTokens: 'required' }, { operations })
  expectGolden('ec2/ModifyInstanceMetadataOptions.xml', pretty(first))
  await xmlOf(
    'ModifyInstanceMetadataOptions',
    { ...one, HttpPutResponseHopLimit: 3, HttpEndpoint: 'disabled', InstanceMetadataTags: 'enabled' },
    { operations },
  )
  const shown = await xmlOf('DescribeInstances', {}, { operations })
  expect(texts(shown, 'httpTokens')).toEqual(['required'])
  expect(texts(shown, 'httpPutResponseHopLimit')).toEqual(['3'])
  expect(texts(shown, 'httpEndpoint')).toEqual(['disabled'])
  expect(texts(shown, 'instanceMetadataTags')).toEqual(['enabled'])
  expect(texts(shown, 'httpProtocolIpv6')).toEqual(['disabled'])
})

test.each<[string, Parameters, string]>([
  ['ModifyInstanceMetadataOptions', {}, 'MissingParameter'],
  ['ModifyInstanceMetadataOptions', { HttpTokens: 'maybe' }, 'InvalidParameterValue'],
  ['ModifyInstanceMetadataOptions', { HttpEndpoint: 'on' }, 'InvalidParameterValue'],
  ['ModifyInstanceMetadataOptions', { HttpPutResponseHopLimit: 0 }, 'InvalidParameterValue'],
  ['ModifyInstanceMetadataOptions', { HttpPutResponseHopLimit: 65 }, 'InvalidParameterValue'],
  ['ModifyInstanceMaintenanceOptions', { AutoRecovery: 'always' }, 'InvalidParameterValue'],
  ['ModifyInstanceMaintenanceOptions', { RebootMigration: 'default' }, 'UnsupportedOperation'],
])('%s %p: %s', async (name, more, code) => {
  expect(await codeOf(name, { ...one, ...more }, { operations })).toBe(code)
  expect(operations.verbs).toEqual([])
})

test('golden: ModifyInstanceMaintenanceOptions: auto-recovery is on when asked for, and off again', async () => {
  const set = (AutoRecovery: string) =>
    xmlOf('ModifyInstanceMaintenanceOptions', { ...one, AutoRecovery }, { operations })
  expectGolden('ec2/ModifyInstanceMaintenanceOptions.xml', pretty(await set('default')))
  expect(lastVerb()).toMatchObject({ name: 'setOptions', input: { ids: [id], options: { restartable: true } } })
  expect(texts(await xmlOf('DescribeInstances', {}, { operations }), 'autoRecovery')).toEqual(['default'])
  expect(texts(await set('disabled'), 'autoRecovery')).toEqual(['disabled'])
  const asItIs = await xmlOf(
    'ModifyInstanceMaintenanceOptions',
    { ...one, RebootMigration: 'disabled' },
    { operations },
  )
  expect(texts(asItIs, 'rebootMigration')).toEqual(['disabled'])
})

test('at launch: auto-recovery, hibernation, metadata options', async () => {
  await launch({
    'MaintenanceOptions.AutoRecovery': 'default',
    'HibernationOptions.Configured': true,
    'MetadataOptions.HttpTokens': 'required',
  })
  expect(operations.orders.at(-1)?.options).toEqual({
    restartable: true,
    hibernates: true,
    metadata: { endpoint: 'enabled', tokens: 'required', hopLimit: 1, tags: 'disabled', ipv6: 'disabled' },
  })
  await launch({ 'MaintenanceOptions.AutoRecovery': 'disabled' })
  expect(operations.orders.at(-1)?.options).toEqual({ restartable: false })
})
