/** Tags of what is a part of another thing's record, over the real operations and store. */
import type { Caller } from '../../../../src/operations/context'
import { call, codeOf, type Parameters, texts, xmlOf } from '../../../support/ec2-call'
import { type Gateways, startGateways } from '../../../support/gateways'
import { startRedis, type TestRedis } from '../../../support/redis'

let redis: TestRedis
let site: Gateways
let ann: Caller
let bob: Caller
beforeAll(async () => {
  redis = await startRedis()
  site = await startGateways(redis)
  bob = (await site.project('bob')).caller
})
afterAll(async () => {
  await site.close()
  await redis.stop()
})
let projects = 0
beforeEach(async () => {
  projects += 1
  ann = (await site.project(`ann-${projects}`)).caller
})

/** Each request comes to the other gateway. */
let turn = 0
const options = (caller = ann) => {
  turn += 1
  return { operations: (turn % 2 ? site.first : site.second).operations, caller }
}
const xml = (action: string, parameters: Parameters = {}) => xmlOf(action, parameters, options())
const one = async (action: string, parameters: Parameters, tag: string) =>
  texts(await xml(action, parameters), tag)[0] ?? ''
const filter = (name: string, value: string): Parameters => ({ 'Filter.1.Name': name, 'Filter.1.Value.1': value })
const tag = (key: string, value: string): Parameters => ({ 'Tag.1.Key': key, 'Tag.1.Value': value })
const tagsOf = async (id: string) => {
  const told = await xml('DescribeTags', filter('resource-id', id))
  const [keys, values, types] = ['key', 'value', 'resourceType'].map((name) => texts(told, name))
  return keys?.map((key, at) => [types?.[at], key, values?.[at]])
}

const NO_INTERFACE = 'InvalidNetworkInterfaceID.NotFound'

/** What all of them have in common. */
async function staysTrue(id: string, type: string, describe_: string, idTag: string, notThere: string): Promise<void> {
  const found = async (parameters: Parameters) => texts(await xml(describe_, parameters), idTag).filter(Boolean)
  await xml('CreateTags', { 'ResourceId.1': id, ...tag('Name', 'a'), 'Tag.2.Key': 'of', 'Tag.2.Value': 'ann' })
  expect(await tagsOf(id)).toEqual([
    [type, 'Name', 'a'],
    [type, 'of', 'ann'],
  ])
  expect(await found(filter('tag:Name', 'a'))).toEqual([id])
  expect(await found(filter('tag:Name', 'b'))).toEqual([])
  const dry = await call('DeleteTags', { 'ResourceId.1': id, DryRun: true }, options())
  expect(dry.status).toBe(412)
  await xml('DeleteTags', { 'ResourceId.1': id, ...tag('Name', 'other') })
  await xml('DeleteTags', { 'ResourceId.1': id, ...tag('of', 'ann') })
  expect(await tagsOf(id)).toEqual([[type, 'Name', 'a']])
  await xml('DeleteTags', { 'ResourceId.1': id })
  expect([await tagsOf(id), await found(filter('tag-key', '*'))]).toEqual([[], []])
  const asked = { 'ResourceId.1': id, ...tag('Name', 'a') }
  expect(await codeOf('CreateTags', asked, options(bob))).toBe(notThere)
  expect(await codeOf('CreateTags', { ...asked, 'Tag.1.Key': 'aws:x' }, options())).toBe('InvalidParameterValue')
}

const group = (name: string) => one('CreateSecurityGroup', { GroupName: name, GroupDescription: name }, 'groupId')
const ingress = (GroupId: string, FromPort: number, more: Parameters = {}) =>
  one(
    'AuthorizeSecurityGroupIngress',
    { GroupId, IpProtocol: 'tcp', FromPort, ToPort: FromPort, CidrIp: '10.0.0.0/8', ...more },
    'securityGroupRuleId',
  )

const launch = (more: Parameters = {}) => {
  const ImageId = site.first.operations.defaults().image?.wish.ami ?? ''
  return one('RunInstances', { ImageId, MinCount: 1, MaxCount: 1, ...more }, 'networkInterfaceId')
}

describe('network interfaces', () => {
  test('are tagged as instances are', async () => {
    await staysTrue(
      await launch(),
      'network-interface',
      'DescribeNetworkInterfaces',
      'networkInterfaceId',
      NO_INTERFACE,
    )
  })

  test('at launch, each of them; those of a terminated instance are gone', async () => {
    const of = { 'TagSpecification.1.ResourceType': 'network-interface', 'TagSpecification.1.Tag.1.Key': 'Name' }
    const id = await launch({ ...of, 'TagSpecification.1.Tag.1.Value': 'out', MaxCount: 2 })
    const shown = await xml('DescribeNetworkInterfaces')
    expect([texts(shown, 'key'), texts(shown, 'value')]).toEqual([
      ['Name', 'Name'],
      ['out', 'out'],
    ])
    const [instance = ''] = texts(await xml('DescribeNetworkInterfaces', { 'NetworkInterfaceId.1': id }), 'instanceId')
    await xml('CreateTags', { 'ResourceId.1': instance, 'ResourceId.2': id, ...tag('of', 'both') })
    expect([await tagsOf(instance), await tagsOf(id)]).toEqual([
      [['instance', 'of', 'both']],
      [
        ['network-interface', 'Name', 'out'],
        ['network-interface', 'of', 'both'],
      ],
    ])
    await xml('TerminateInstances', { 'InstanceId.1': instance })
    expect(await tagsOf(id)).toEqual([])
    expect(await codeOf('CreateTags', { 'ResourceId.1': id, ...tag('a', 'b') }, options())).toBe(NO_INTERFACE)
  })

  test('by a launch template', async () => {
    const data = {
      'LaunchTemplateData.TagSpecification.1.ResourceType': 'network-interface',
      'LaunchTemplateData.TagSpecification.1.Tag.1.Key': 'by',
      'LaunchTemplateData.TagSpecification.1.Tag.1.Value': 'template',
    }
    await xml('CreateLaunchTemplate', { LaunchTemplateName: 'web', ...data })
    const id = await launch({ 'LaunchTemplate.LaunchTemplateName': 'web' })
    expect(await tagsOf(id)).toEqual([['network-interface', 'by', 'template']])
  })
})

describe('rules of security groups', () => {
  test('are tagged as Terraform does it, after they are made', async () => {
    const id = await ingress(await group('web'), 22)
    const notThere = 'InvalidSecurityGroupRuleId.NotFound'
    await staysTrue(id, 'security-group-rule', 'DescribeSecurityGroupRules', 'securityGroupRuleId', notThere)
  })

  test('of one group and the group itself in one request; the others stay as they are', async () => {
    const GroupId = await group('web')
    const [ssh, http] = [await ingress(GroupId, 22), await ingress(GroupId, 80)]
    const ids = { 'ResourceId.1': ssh, 'ResourceId.2': GroupId, 'ResourceId.3': http }
    await xml('CreateTags', { ...ids, ...tag('of', 'web') })
    for (const id of Object.values(ids)) expect(await tagsOf(id)).toHaveLength(1)
    await xml('DeleteTags', { 'ResourceId.1': http })
    expect([await tagsOf(ssh), await tagsOf(http)]).toEqual([[['security-group-rule', 'of', 'web']], []])
    expect(await codeOf('CreateTags', { 'ResourceId.1': 'sgr-0123456789abcdef0', ...tag('a', 'b') }, options())).toBe(
      'InvalidSecurityGroupRuleId.NotFound',
    )
  })

  test('of default, which nobody has written yet', async () => {
    const shown = await xml('DescribeSecurityGroupRules')
    const [id = ''] = texts(shown, 'securityGroupRuleId')
    await xml('CreateTags', { 'ResourceId.1': id, ...tag('a', 'b') })
    expect(await tagsOf(id)).toEqual([['security-group-rule', 'a', 'b']])
  })
})
