import { emptySeen, noPlace, sighting } from '../../../support/compute-record'
import { codeOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { type FakeOperations, fakeOperations } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

let operations: FakeOperations
let names: readonly string[]
const [RUNNING, STOPPED, LOST, FAILED, BOOTING] = [0, 1, 2, 3, 4]
beforeEach(async () => {
  operations = fakeOperations()
  await xmlOf('RunInstances', { MinCount: 5, MaxCount: 5, ImageId: 'ami-00000000000000001' }, { operations })
  const records = [...operations.computes.values()]
  names = records.map((record) => record.wish.name)
  const id = (index: number) => records[index]?.id ?? ''
  operations.change(id(STOPPED), { wish: { power: 'off' }, seen: { machine: sighting('off') } })
  operations.change(id(LOST), { seen: { contact: 'lost' } })
  operations.change(id(FAILED), {
    place: noPlace,
    seen: emptySeen,
    journal: { failed: { message: 'no such disk', at: 1, retries: 0 } },
  })
  operations.change(id(BOOTING), { seen: { machine: sighting('off'), starts: 0 } })
})
const status = (parameters: Parameters = {}) => xmlOf('DescribeInstanceStatus', parameters, { operations })
const found = async (name: string, value: string): Promise<number[]> => {
  const xml = await status({ IncludeAllInstances: true, 'Filter.1.Name': name, 'Filter.1.Value.1': value })
  return texts(xml, 'instanceId').map((instance) => names.indexOf(instance))
}

test('only what runs, unless all are asked for; a machine whose host is silent still counts as running, impaired', async () => {
  expect(texts(await status(), 'instanceId')).toEqual([names[RUNNING], names[LOST]])
  expect(texts(await status({ IncludeAllInstances: true }), 'instanceId')).toEqual(names)
  expect(texts(await status({ 'InstanceId.1': names[STOPPED] ?? '' }), 'instanceId')).toEqual([])
})

test('golden: all of them', async () => {
  expectGolden('ec2/DescribeInstanceStatus.xml', pretty(await status({ IncludeAllInstances: true })))
})

test.each<[string, string, number[]]>([
  ['instance-status.status', 'ok', [RUNNING]],
  ['instance-status.status', 'impaired', [LOST, FAILED]],
  ['instance-status.status', 'initializing', [BOOTING]],
  ['instance-status.reachability', 'passed', [RUNNING]],
  ['instance-status.reachability', 'failed', [LOST, FAILED]],
  ['system-status.status', 'not-applicable', [STOPPED]],
  ['system-status.reachability', 'failed', [LOST, FAILED]],
  ['instance-state-name', 'stopped', [STOPPED]],
  ['instance-state-code', '16', [RUNNING, LOST]],
  ['availability-zone', 'local-1a', [RUNNING, STOPPED, LOST, BOOTING]],
  ['event.code', '*', []],
])('filter %s=%s', async (name, value, expected) => expect(await found(name, value)).toEqual(expected))

test('paging and refusals', async () => {
  expect(await codeOf('DescribeInstanceStatus', { MaxResults: 4 }, { operations })).toBe('InvalidParameterValue')
  expect(await codeOf('DescribeInstanceStatus', { 'InstanceId.1': 'x' }, { operations })).toBe(
    'InvalidInstanceID.Malformed',
  )
  const both = { MaxResults: 5, 'InstanceId.1': names[0] ?? '' }
  expect(await codeOf('DescribeInstanceStatus', both, { operations })).toBe('InvalidParameterCombination')
  expect(texts(await status({ MaxResults: 5, IncludeAllInstances: true }), 'nextToken')).toEqual([])
})
