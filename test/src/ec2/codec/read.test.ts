import { type Pair, readInput } from '../../../../src/ec2/codec'
import { readerOf } from '../../../../src/ec2/codec/read'
import { parameterTree } from '../../../../src/ec2/codec/tree'
import { ec2Code } from '../../../../src/ec2/faults'
import { asFault } from '../../../../src/faults'

const read = (action: string, parameters: Record<string, string>) => readInput(action, Object.entries(parameters))

function refusal(action: string, pairs: readonly Pair[]): { code: string; field: string | undefined } {
  try {
    readInput(action, pairs)
  } catch (thrown) {
    const failure = asFault(thrown)
    return { code: ec2Code(failure).code, field: failure.detail.field }
  }
  throw new Error('not refused')
}

const run = { MinCount: '1', MaxCount: '1' }

test('a nested RunInstances is read whole', () => {
  expect(
    read('RunInstances', {
      Action: 'RunInstances',
      Version: '2016-11-15',
      MinCount: '1',
      MaxCount: '+3',
      ImageId: 'ami-1',
      EbsOptimized: 'FALSE',
      'Placement.AvailabilityZone': 'local-1a',
      'TagSpecification.1.ResourceType': 'instance',
      'TagSpecification.1.Tag.1.Key': 'Name',
      'TagSpecification.1.Tag.1.Value': 'web & <more>',
      'BlockDeviceMapping.2.DeviceName': '/dev/sdb',
      'BlockDeviceMapping.1.DeviceName': '/dev/sda1',
      'BlockDeviceMapping.1.Ebs.VolumeSize': '8',
      'BlockDeviceMapping.1.Ebs.DeleteOnTermination': 'true',
      'SecurityGroup.1': 'default',
      ClientToken: 't',
    }),
  ).toEqual({
    MinCount: 1,
    MaxCount: 3,
    ImageId: 'ami-1',
    EbsOptimized: false,
    Placement: { AvailabilityZone: 'local-1a' },
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web & <more>' }] }],
    BlockDeviceMappings: [
      { DeviceName: '/dev/sda1', Ebs: { VolumeSize: 8, DeleteOnTermination: true } },
      { DeviceName: '/dev/sdb' },
    ],
    SecurityGroups: ['default'],
    ClientToken: 't',
  })
})

test('lists are read from 1, from 0 as libcloud numbers them, with gaps, and empty as boto 2 sends them', () => {
  expect(read('CreateTags', { 'ResourceId.0': 'a', 'ResourceId.1': 'b', 'Tag.0.Key': 'k' })).toEqual({
    Resources: ['a', 'b'],
    Tags: [{ Key: 'k' }],
  })
  expect(read('DescribeInstances', { 'InstanceId.10': 'c', 'InstanceId.9': 'b', 'InstanceId.1': 'a' })).toEqual({
    InstanceIds: ['a', 'b', 'c'],
  })
  expect(read('DescribeInstances', { InstanceId: '' })).toEqual({ InstanceIds: [] })
  // fog-aws
  expect(read('DescribeSnapshots', { RestorableBy: 'self' })).toEqual({ RestorableByUserIds: ['self'] })
})

test("what old clients send besides is dropped: AddressingType, licences, and the request's own parameters", () => {
  const more = {
    AddressingType: 'public',
    'License.Pool': 'x',
    AWSAccessKeyId: 'AKIA',
    Signature: 's',
    SignatureVersion: '2',
    Timestamp: 'now',
    'X-Amz-Date': 'd',
  }
  expect(read('RunInstances', { ...run, ...more })).toEqual({ MinCount: 1, MaxCount: 1 })
})

test.each([
  ['MissingParameter', 'MinCount', { MaxCount: '1' }],
  ['InvalidParameterValue', 'MinCount', { ...run, MinCount: 'one' }],
  ['InvalidParameterValue', 'MinCount', { ...run, MinCount: '1.5' }],
  ['InvalidParameterValue', 'MinCount', { ...run, MinCount: '' }],
  ['InvalidParameterValue', 'MinCount', { ...run, MinCount: '9'.repeat(16) }],
  ['InvalidParameterValue', 'EbsOptimized', { ...run, EbsOptimized: 'yes' }],
  ['InvalidParameterValue', 'SecurityGroup', { ...run, SecurityGroup: 'default' }],
  ['InvalidParameterValue', 'SecurityGroup', { ...run, 'SecurityGroup.x': 'default' }],
  ['InvalidParameterValue', 'SecurityGroup', { ...run, 'SecurityGroup.-1': 'default' }],
  ['InvalidParameterValue', 'SecurityGroup', { ...run, 'SecurityGroup.1234567': 'default' }],
  ['InvalidParameterValue', 'Placement', { ...run, Placement: 'here' }],
  [
    'InvalidParameterValue',
    'InstanceMarketOptions.SpotOptions.ValidUntil',
    { ...run, 'InstanceMarketOptions.SpotOptions.ValidUntil': 'tomorrow' },
  ],
  ['UnknownParameter', 'Nonsense', { ...run, Nonsense: '1' }],
  ['UnknownParameter', '__proto__', Object.fromEntries([...Object.entries(run), ['__proto__', 'x']])],
  ['UnknownParameter', 'constructor', { ...run, constructor: 'x' }],
  ['UnknownParameter', 'Placement.Nonsense', { ...run, 'Placement.Nonsense': '1' }],
  ['UnknownParameter', 'ImageId.1', { ...run, 'ImageId.1': '1' }],
  ['UnknownParameter', 'TagSpecification.1.Tag.1.Kay', { ...run, 'TagSpecification.1.Tag.1.Kay': 'x' }],
  ['UnknownParameter', 'TagSpecification.1.Tag.1.__proto__', { ...run, 'TagSpecification.1.Tag.1.__proto__': 'x' }],
  ['UnknownParameter', 'a.a.a.a.a.a.a.a.a.a.a.a.a', { 'a.a.a.a.a.a.a.a.a.a.a.a.a': '' }],
])('%s for %s', (code, field, parameters) => {
  expect(refusal('RunInstances', Object.entries(parameters))).toEqual({ code, field })
})

test('a parameter given twice is refused, and one that has both a value and parts', () => {
  const twice: Pair[] = [...Object.entries(run), ['ImageId', 'a'], ['ImageId', 'a']]
  expect(refusal('RunInstances', twice)).toEqual({ code: 'InvalidParameterCombination', field: 'ImageId' })
  const both: Pair[] = [...Object.entries(run), ['Placement', 'x'], ['Placement.Tenancy', 'default']]
  expect(refusal('RunInstances', both).code).toBe('InvalidParameterValue')
})

test('more parameters than any honest request has are refused', () => {
  const pairs = Array.from({ length: 4001 }, (_, index): Pair => [`InstanceId.${index}`, 'i'])
  expect(refusal('DescribeInstances', pairs).code).toBe('RequestEntityTooLarge')
  expect(readInput('DescribeInstances', pairs.slice(0, 4000))).toHaveProperty('InstanceIds.length', 4000)
})

describe('simple types', () => {
  const one = (type: string, value: string) => readerOf(type)({ value }, 'P')

  test.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.123Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00:00', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ])('timestamp %s', (text, iso) => {
    expect((one('timestamp', text) as Date).toISOString()).toBe(iso)
  })

  test.each(['', '1', 'yesterday', '2026-13-31T12:00:00Z', 'Sat, 31 Jan 2026', '2026-01-31T25:00:00Z'])(
    'no timestamp: %s',
    (text) => expect(() => one('timestamp', text)).toThrow(/timestamp/),
  )

  test.each([
    ['aGVsbG8=', 'hello'],
    ['aGVs\nbG8=', 'hello'],
    ['aGVsbG8', 'hello'],
    ['', ''],
  ])('base64 %j', (text, plain) => expect((one('blob', text) as Buffer).toString()).toBe(plain))

  test.each(['a', 'a_b-', '====', 'aGVsbG8=x'])('no base64: %s', (text) =>
    expect(() => one('blob', text)).toThrow(/base64/),
  )

  test.each([
    ['true', true],
    ['TRUE', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ])('boolean %s', (text, value) => expect(one('boolean', text)).toBe(value))

  test('what is said back of a value is cut short', () => {
    expect(() => one('number', 'x'.repeat(1000))).toThrow(/^Value \(x{100}…\)/)
  })
})

test('names that objects have by birth are names like any other', () => {
  const tree = parameterTree([['__proto__.polluted', 'yes']])
  expect(tree.children?.get('__proto__')?.children?.get('polluted')?.value).toBe('yes')
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})
