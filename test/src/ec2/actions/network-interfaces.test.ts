/** Network interfaces as EC2 shows them: those of instances. Their public addresses: addresses.test.ts. */
import { sighting } from '../../../support/compute-record'
import { codeOf, faultOf, type Parameters, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { bob, type FakeOperations, fakeOperations } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'

let operations: FakeOperations
let eni = ''
beforeEach(async () => {
  operations = fakeOperations()
  await xml('RunInstances', { MinCount: 2, MaxCount: 2, ImageId: 'ami-00000000000000001' })
  eni = texts(await xml('DescribeNetworkInterfaces'), 'networkInterfaceId')[0] ?? ''
})
const xml = (action: string, parameters: Parameters = {}) => xmlOf(action, parameters, { operations })
const code = (action: string, parameters: Parameters = {}) => codeOf(action, parameters, { operations })
const described = (parameters: Parameters = {}) => xml('DescribeNetworkInterfaces', parameters)
const ids = async (parameters: Parameters = {}) => texts(await described(parameters), 'networkInterfaceId')
const attribute = (Attribute: string) =>
  xml('DescribeNetworkInterfaceAttribute', { NetworkInterfaceId: eni, Attribute })
const modify = (parameters: Parameters) =>
  xml('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: eni, ...parameters })

test('each instance has one, until it is terminated; another project sees none', async () => {
  expect(await ids()).toHaveLength(2)
  expect(texts(await xmlOf('DescribeNetworkInterfaces', {}, { operations, caller: bob }), 'item')).toEqual([])
  const [instance = ''] = texts(await described(), 'instanceId')
  await xml('TerminateInstances', { 'InstanceId.1': instance })
  expect(await ids()).toHaveLength(1)
  expect(await code('DescribeNetworkInterfaces', { 'NetworkInterfaceId.1': eni })).toBe(
    'InvalidNetworkInterfaceID.NotFound',
  )
})

test.each<[string, (shown: string) => string | undefined]>([
  ['network-interface-id', () => eni],
  ['attachment.instance-id', (shown) => texts(shown, 'instanceId')[0]],
  ['attachment.attachment-id', (shown) => texts(shown, 'attachmentId')[0]],
  ['mac-address', (shown) => texts(shown, 'macAddress')[0]],
  ['private-ip-address', (shown) => texts(shown, 'privateIpAddress')[0]],
  ['addresses.private-ip-address', (shown) => texts(shown, 'privateIpAddress')[0]],
])('%s tells one from the other', async (name, valueIn) => {
  const value = valueIn(await described()) ?? ''
  expect(await ids({ 'Filter.1.Name': name, 'Filter.1.Value.1': value })).toEqual([eni])
})

test('golden: that of a machine at a provider came with it, and has the address that it was given there', async () => {
  const [compute] = operations.computes.values()
  if (!compute) throw new Error('nothing was launched')
  const given = { object: 'i-theirs', addresses: [{ ip: '10.9.0.4', scope: 'private' as const }] }
  operations.change(compute.id, {
    place: { zone: 'ec2-eu', offer: { type: 't3.small', price: 22_800, currency: 'USD' } },
    seen: { machine: { ...sighting('running'), interfaces: [], whole: true, given } },
  })
  expectGolden('ec2/DescribeNetworkInterfaces-provider.xml', pretty(await described({ 'NetworkInterfaceId.1': eni })))
  expect(texts(await attribute('attachment'), 'status')).toEqual(['attached'])
  expect(await ids({ 'Filter.1.Name': 'private-ip-address', 'Filter.1.Value.1': '10.9.0.4' })).toEqual([eni])
  const [leased] = compute.wish.interfaces.map(({ address }) => address ?? '')
  for (const name of ['private-ip-address', 'addresses.private-ip-address'])
    for (const [address, count] of [
      ['10.9.0.4', 1],
      [leased ?? '', 0],
    ] as const) {
      const filter = { 'Filter.1.Name': `network-interface.${name}`, 'Filter.1.Value.1': address }
      expect([name, address, texts(await xml('DescribeInstances', filter), 'reservationId').length]).toEqual([
        ...[name, address, count],
      ])
    }
})

test.each([
  ['status', 'in-use', 2],
  ['status', 'available', 0],
  ['attachment.status', 'attached', 2],
  ['attachment.delete-on-termination', 'true', 2],
  ['attachment.device-index', '0', 2],
  ['group-name', 'default', 0],
  ['association.public-ip', '*', 0],
  ['tag-key', '*', 0],
  ['requester-id', '*', 0],
  ['description', '', 2],
  ['interface-type', 'interface', 2],
  ['owner-id', '123456789012', 2],
])('%s=%s lets %s through', async (name, value, count) => {
  expect(await ids({ 'Filter.1.Name': name, 'Filter.1.Value.1': value })).toHaveLength(count)
})

test('a description is kept; one attribute at a time', async () => {
  await modify({ 'Description.Value': 'the way out' })
  expect(texts(await attribute('description'), 'value')).toEqual(['the way out'])
  expect(await ids({ 'Filter.1.Name': 'description', 'Filter.1.Value.1': '*way*' })).toEqual([eni])
  const refused = (parameters: Parameters) =>
    code('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: eni, ...parameters })
  expect(await refused({})).toBe('MissingParameter')
  expect(await refused({ 'Description.Value': 'x', 'SourceDestCheck.Value': true })).toBe('InvalidParameterCombination')
  expect(await refused({ 'Description.Value': 'x'.repeat(256) })).toBe('InvalidParameterValue')
})

test('groups are those of the instance', async () => {
  const group = await xml('CreateSecurityGroup', { GroupName: 'web', GroupDescription: 'the web' })
  const [id = ''] = texts(group, 'groupId')
  await modify({ 'SecurityGroupId.1': id })
  expect(texts(await attribute('groupSet'), 'groupId')).toEqual([id])
  expect(await ids({ 'Filter.1.Name': 'group-id', 'Filter.1.Value.1': id })).toEqual([eni])
})

test('what is so anyway is accepted, the contrary refused by name', async () => {
  await modify({ 'SourceDestCheck.Value': true })
  await modify({ 'Attachment.AttachmentId': 'eni-attach-1', 'Attachment.DeleteOnTermination': true })
  for (const parameters of [
    { 'SourceDestCheck.Value': false },
    { 'Attachment.DeleteOnTermination': false },
    { AssociatePublicIpAddress: true },
  ]) {
    const asked = { NetworkInterfaceId: eni, ...parameters } as Parameters
    const { kind, message } = await faultOf('ModifyNetworkInterfaceAttribute', asked, { operations })
    expect(kind).toBe('unsupported')
    expect(message).toContain(Object.keys(parameters)[0]?.split('.')[0])
  }
})

test.each([
  ['a malformed id', { NetworkInterfaceId: 'eni-1', Attribute: 'description' }, 'InvalidNetworkInterfaceId.Malformed'],
  [
    'one that is not there',
    { NetworkInterfaceId: 'eni-0000000000000abcd', Attribute: 'description' },
    'InvalidNetworkInterfaceID.NotFound',
  ],
  ['no id', { Attribute: 'description' }, 'MissingParameter'],
])('%s', async (_what, parameters, expected) => {
  expect(await code('DescribeNetworkInterfaceAttribute', parameters)).toBe(expected)
})

test('golden: each attribute', async () => {
  const shown = await Promise.all(['description', 'groupSet', 'sourceDestCheck', 'attachment'].map(attribute))
  expectGolden('ec2/DescribeNetworkInterfaceAttribute.xml', shown.map(pretty).join('\n'))
  expect(await code('DescribeNetworkInterfaceAttribute', { NetworkInterfaceId: eni, Attribute: 'colour' })).toBe(
    'InvalidParameterValue',
  )
})

test('pages', async () => {
  await xml('RunInstances', { MinCount: 5, MaxCount: 5, ImageId: 'ami-00000000000000001' })
  const first = await described({ MaxResults: 5 })
  const rest = await described({ MaxResults: 5, NextToken: texts(first, 'nextToken')[0] ?? '' })
  expect([first, rest].map((page) => texts(page, 'networkInterfaceId').length)).toEqual([5, 2])
  expect(new Set([first, rest].flatMap((page) => texts(page, 'networkInterfaceId'))).size).toBe(7)
  expect(await code('DescribeNetworkInterfaces', { MaxResults: 4 })).toBe('InvalidParameterValue')
})
