/** What clients ask of the account, of offers and of things that there are none of here. */
import type { ProjectRecord } from '../../../../src/model/records'
import { codeOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { type FakeOperations, fakeOperations } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

let operations: FakeOperations
let id: string
beforeEach(async () => {
  operations = fakeOperations()
  operations.project = () => ({ wish: { quota: { instances: 20 } } }) as ProjectRecord
  const order = { MinCount: 1, MaxCount: 1, ImageId: 'ami-00000000000000001' }
  await xmlOf('RunInstances', { ...order, InstanceType: 't2.micro' }, { operations })
  await xmlOf('RunInstances', { ...order, InstanceType: 'm1.small' }, { operations })
  id = [...operations.computes.values()][0]?.wish.name ?? ''
})
const filter = (name: string, value: string): Parameters => ({ 'Filter.1.Name': name, 'Filter.1.Value.1': value })
const ask = (action: string, parameters: Parameters = {}) => xmlOf(action, parameters, { operations })

test('golden: DescribeAccountAttributes, all and one', async () => {
  expectGolden('ec2/DescribeAccountAttributes.xml', pretty(await ask('DescribeAccountAttributes')))
  const one = await ask('DescribeAccountAttributes', { 'AttributeName.1': 'max-instances' })
  expect(texts(one, 'attributeValue')).toEqual(['20'])
  expect(await codeOf('DescribeAccountAttributes', { 'AttributeName.1': 'max-love' }, { operations })).toBe(
    'InvalidParameterValue',
  )
})

test('golden: DescribeInstanceTypeOfferings of the region', async () => {
  expectGolden('ec2/DescribeInstanceTypeOfferings.xml', pretty(await ask('DescribeInstanceTypeOfferings')))
})

test.each<[Parameters, number]>([
  [{ LocationType: 'region' }, 3],
  [{ LocationType: 'availability-zone' }, 12],
  [{ LocationType: 'availability-zone-id', ...filter('location', 'local-1-az2') }, 3],
  [{ LocationType: 'availability-zone', ...filter('instance-type', 't2.*') }, 8],
  [{ LocationType: 'outpost' }, 0],
])('offerings %j', async (parameters, count) => {
  expect(texts(await ask('DescribeInstanceTypeOfferings', parameters), 'instanceType')).toHaveLength(count)
})

test('offerings come in pages', async () => {
  const pages = { LocationType: 'availability-zone', MaxResults: 7 }
  const first = await ask('DescribeInstanceTypeOfferings', pages)
  const [NextToken = ''] = texts(first, 'nextToken')
  const second = await ask('DescribeInstanceTypeOfferings', { ...pages, NextToken })
  expect([first, second].map((xml) => texts(xml, 'location').length)).toEqual([7, 5])
  expect(await codeOf('DescribeInstanceTypeOfferings', { LocationType: 'moon' }, { operations })).toBe(
    'InvalidParameterValue',
  )
})

test('golden: DescribeInstanceCreditSpecifications of burstable machines that are named', async () => {
  const named = await ask('DescribeInstanceCreditSpecifications', { 'InstanceId.1': id })
  expectGolden('ec2/DescribeInstanceCreditSpecifications.xml', pretty(named))
  expect(texts(await ask('DescribeInstanceCreditSpecifications'), 'instanceId')).toEqual([])
  const m1 = [...operations.computes.values()][1]?.wish.name ?? ''
  expect(texts(await ask('DescribeInstanceCreditSpecifications', { 'InstanceId.1': m1 }), 'instanceId')).toEqual([])
  expect(await codeOf('DescribeInstanceCreditSpecifications', { 'InstanceId.1': 'x' }, { operations })).toBe(
    'InvalidInstanceID.Malformed',
  )
})

test('golden: DescribeIamInstanceProfileAssociations: none', async () => {
  const xml = await ask('DescribeIamInstanceProfileAssociations', filter('instance-id', id))
  expectGolden('ec2/DescribeIamInstanceProfileAssociations.xml', pretty(xml))
  const refused = (parameters: Parameters) =>
    codeOf('DescribeIamInstanceProfileAssociations', parameters, { operations })
  expect(await refused({ 'AssociationId.1': 'iip-assoc-1' })).toBe('InvalidAssociationID.NotFound')
  expect(await refused(filter('colour', 'red'))).toBe('InvalidParameterValue')
  expect(await refused({ MaxResults: 1 })).toBe('InvalidParameterValue')
})

test('golden: GetPasswordData: empty', async () => {
  expectGolden('ec2/GetPasswordData.xml', pretty(await ask('GetPasswordData', { InstanceId: id })))
  expect(await codeOf('GetPasswordData', { InstanceId: 'i-00000000000000099' }, { operations })).toBe(
    'InvalidInstanceID.NotFound',
  )
  expect(await codeOf('GetPasswordData', {}, { operations })).toBe('MissingParameter')
})
