/** The interfaces of instances as things of their own: what Terraform asks before it deletes a group. */
import { codeOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { ann, bob, type FakeOperations, fakeOperations } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

let operations: FakeOperations
beforeEach(async () => {
  operations = fakeOperations()
})
const run = (zone: string) =>
  xmlOf(
    'RunInstances',
    {
      ...{ MinCount: 1, MaxCount: 1, ImageId: 'ami-00000000000000001', 'Placement.AvailabilityZone': zone },
      ...{ 'TagSpecification.1.ResourceType': 'network-interface', 'TagSpecification.1.Tag.1.Key': 'Name' },
      'TagSpecification.1.Tag.1.Value': 'the way out',
    },
    { operations },
  )
const described = (parameters: Parameters = {}, caller = ann) =>
  xmlOf('DescribeNetworkInterfaces', parameters, { operations, caller })
const idsOf = async (parameters: Parameters = {}, caller = ann) =>
  texts(await described(parameters, caller), 'networkInterfaceId')
const filter = (name: string, value: string): Parameters => ({ 'Filter.1.Name': name, 'Filter.1.Value.1': value })

test('golden: that of an instance', async () => {
  await run('local-1b')
  expectGolden('ec2/DescribeNetworkInterfaces.xml', pretty(await described()))
})

test('they are the caller’s, and go with their instances', async () => {
  const instance = texts(await run('local-1a'), 'instanceId')[0] ?? ''
  const [id = ''] = await idsOf()
  expect(id).toMatch(/^eni-/)
  expect(await idsOf({}, bob)).toEqual([])
  expect(await idsOf({ 'NetworkInterfaceId.1': id })).toEqual([id])
  await xmlOf('TerminateInstances', { 'InstanceId.1': instance }, { operations })
  expect(await idsOf()).toEqual([])
})

test('filters find them by what they hang on', async () => {
  const [one, two] = [await run('local-1a'), await run('local-1b')].map((xml) => texts(xml, 'instanceId')[0] ?? '')
  const [first, second] = await idsOf()
  expect(await idsOf(filter('attachment.instance-id', one ?? ''))).toEqual([first])
  expect(await idsOf(filter('availability-zone', 'local-1b'))).toEqual([second])
  const address = texts(await described(filter('attachment.instance-id', two ?? '')), 'privateIpAddress')[0] ?? ''
  for (const name of ['private-ip-address', 'addresses.private-ip-address'])
    expect(await idsOf(filter(name, address))).toEqual([second])
  expect(await idsOf(filter('attachment.device-index', '0'))).toEqual([first, second])
  expect(await idsOf(filter('group-name', 'nobody'))).toEqual([])
  expect(await idsOf(filter('requester-id', 'x'))).toEqual([])
})

test('what is none is refused', async () => {
  const code = (parameters: Parameters) => codeOf('DescribeNetworkInterfaces', parameters, { operations })
  expect(await code({ 'NetworkInterfaceId.1': 'eni-x' })).toBe('InvalidNetworkInterfaceId.Malformed')
  expect(await code({ 'NetworkInterfaceId.1': 'eni-0123456789abcdef0' })).toBe('InvalidNetworkInterfaceID.NotFound')
  expect(await code(filter('colour', 'blue'))).toBe('InvalidParameterValue')
  expect(await code({ MaxResults: 4 })).toBe('InvalidParameterValue')
})
