/** Requests that were right once and were changed since: each is answered, or refused with a Fault that is nobody's bug. */
import fc from 'fast-check'
import { dispatch } from '../../../src/ec2/dispatch'
import { ec2Code } from '../../../src/ec2/faults'
import { Fault } from '../../../src/faults'
import { textOf } from '../../../src/fragments/body'
import { ann, type FakeOperations, fakeOperations } from '../../support/fake-operations'

type Pairs = readonly (readonly [string, string])[]

const I = 'i-00000000000000001'
const AMI = 'ami-00000000000000001'
const GOOD: readonly Pairs[] = [
  [
    ['Action', 'RunInstances'],
    ['MinCount', '1'],
    ['MaxCount', '2'],
    ['ImageId', AMI],
    ['InstanceType', 't2.micro'],
    ['ClientToken', 't'],
    ['Placement.AvailabilityZone', 'local-1a'],
    ['TagSpecification.1.ResourceType', 'instance'],
    ['TagSpecification.1.Tag.1.Key', 'k'],
    ['BlockDeviceMapping.1.DeviceName', '/dev/sda1'],
    ['BlockDeviceMapping.1.Ebs.VolumeSize', '8'],
    ['UserData', 'aGk='],
  ],
  [
    ['Action', 'DescribeInstances'],
    ['InstanceId.1', I],
    ['Filter.1.Name', 'tag:k'],
    ['Filter.1.Value.1', '*'],
    ['Filter.1.Value.2', '?x'],
  ],
  [
    ['Action', 'DescribeInstances'],
    ['MaxResults', '5'],
    ['NextToken', 'bm8'],
    ['Filter.1.Name', 'launch-time'],
    ['Filter.1.Value.1', '2027*'],
  ],
  [
    ['Action', 'DescribeInstanceStatus'],
    ['IncludeAllInstances', 'true'],
    ['MaxResults', '5'],
  ],
  [
    ['Action', 'StopInstances'],
    ['InstanceId.1', I],
    ['Force', 'true'],
    ['Hibernate', 'false'],
  ],
  [
    ['Action', 'StartInstances'],
    ['InstanceId.1', I],
    ['DryRun', 'true'],
  ],
  [
    ['Action', 'RebootInstances'],
    ['InstanceId.1', I],
  ],
  [
    ['Action', 'TerminateInstances'],
    ['InstanceId.1', I],
  ],
  [
    ['Action', 'DescribeImages'],
    ['Owner.1', 'self'],
    ['ImageId.1', AMI],
    ['ExecutableBy.1', 'all'],
  ],
  [
    ['Action', 'DescribeInstanceTypes'],
    ['InstanceType.1', 't2.nano'],
    ['MaxResults', '5'],
  ],
  [
    ['Action', 'DescribeRegions'],
    ['RegionName.1', 'local-1'],
    ['AllRegions', 'true'],
  ],
  [
    ['Action', 'DescribeAvailabilityZones'],
    ['ZoneName.1', 'local-1a'],
    ['ZoneId.1', 'local-1-az1'],
  ],
  [
    ['Action', 'CreateTags'],
    ['ResourceId.1', I],
    ['Tag.1.Key', 'k'],
    ['Tag.1.Value', 'v'],
  ],
  [
    ['Action', 'DeleteTags'],
    ['ResourceId.1', I],
    ['Tag.1.Key', 'k'],
  ],
  [
    ['Action', 'DescribeTags'],
    ['Filter.1.Name', 'key'],
    ['Filter.1.Value.1', 'k'],
    ['MaxResults', '5'],
  ],
]

const odd = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    'true',
    '__proto__',
    'constructor',
    '%',
    '*',
    '\u0000',
    '9'.repeat(20),
    'x'.repeat(300),
    I,
    AMI,
    'i-',
    'vol-12345678',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
)

interface Change {
  readonly what: 'value' | 'name' | 'drop' | 'twice' | 'add' | 'deeper'
  readonly where: number
  readonly text: string
}
const change: fc.Arbitrary<Change> = fc.record({
  // Mostly values: an unknown name is refused before anything interesting happens.
  what: fc.constantFrom('value', 'value', 'value', 'value', 'drop', 'drop', 'name', 'twice', 'add', 'deeper'),
  where: fc.nat(20),
  text: odd,
})

function changed(pairs: Pairs, { what, where, text }: Change): Pairs {
  if (pairs.length === 0) return [[text, text]]
  const index = where % pairs.length
  const [name, value] = pairs[index] ?? ['', '']
  switch (what) {
    case 'value':
      return pairs.with(index, [name, text])
    case 'name':
      return pairs.with(index, [text, value])
    case 'drop':
      return pairs.toSpliced(index, 1)
    case 'twice':
      return [...pairs, [name, value]]
    case 'add':
      return [...pairs, [text, value]]
    case 'deeper':
      return pairs.with(index, [`${name}.${text}`, value])
  }
}

async function outcome(operations: FakeOperations, pairs: Pairs): Promise<string> {
  const context = { operations, caller: ann, region: 'local-1', endpoint: '127.0.0.1:8787' }
  try {
    const { status, body } = await dispatch(pairs, context, 'id')
    return textOf(body).startsWith('<?xml') && (status === 200 || status === 412) ? 'answered' : `odd answer ${status}`
  } catch (thrown) {
    if (!(thrown instanceof Fault)) return `no fault: ${String(thrown)}`
    const { code, status } = ec2Code(thrown)
    return status < 500 && /^[\w.]+$/.test(code) ? 'refused' : `${code} ${thrown.message}`
  }
}

async function ready(): Promise<FakeOperations> {
  const operations = fakeOperations()
  await outcome(operations, [
    ['Action', 'RunInstances'],
    ['MinCount', '2'],
    ['MaxCount', '2'],
    ['ImageId', AMI],
  ])
  return operations
}

test('as they are, most of them are answered', async () => {
  const outcomes = await Promise.all(GOOD.map(async (pairs) => outcome(await ready(), pairs)))
  expect(outcomes.filter((one) => one === 'answered').length).toBeGreaterThanOrEqual(GOOD.length - 2)
  expect(outcomes.every((one) => one === 'answered' || one === 'refused')).toBe(true)
})

test('changed, each is answered or refused', async () => {
  const seen = { answered: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...GOOD),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      async (pairs, changes) => {
        const result = await outcome(await ready(), changes.reduce(changed, pairs))
        expect(['answered', 'refused']).toContain(result)
        if (result === 'answered' || result === 'refused') seen[result] += 1
      },
    ),
    { numRuns: 3000 },
  )
  expect(Math.min(seen.answered, seen.refused)).toBeGreaterThan(100)
})
