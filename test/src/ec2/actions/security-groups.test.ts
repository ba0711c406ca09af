import { call, codeOf, faultOf, pretty, texts, xmlOf } from '../../../support/ec2-call'
import { ann, bob, type FakeOperations, fakeOperations, PROJECT } from '../../../support/fake-operations'
import { expectGolden } from '../../../support/golden'
import { hostRecord } from '../../../support/host-record'

let operations: FakeOperations
beforeEach(() => {
  operations = fakeOperations()
})
const DEFAULT = 'sg-aaaaaaaa000040008'
const one = (xml: string, tag: string): string => texts(xml, tag)[0] ?? ''
const make = async (name: string, more = {}): Promise<string> =>
  one(
    await xmlOf('CreateSecurityGroup', { GroupName: name, GroupDescription: `of ${name}`, ...more }, { operations }),
    'groupId',
  )
const describe = (more = {}, options = { operations, caller: ann }) => xmlOf('DescribeSecurityGroups', more, options)
const tcp = (port: number, cidr = '0.0.0.0/0') => ({
  'IpPermissions.1.IpProtocol': 'tcp',
  'IpPermissions.1.FromPort': port,
  'IpPermissions.1.ToPort': port,
  'IpPermissions.1.IpRanges.1.CidrIp': cidr,
})
const ingress = (group: string, more: object) =>
  xmlOf('AuthorizeSecurityGroupIngress', { GroupId: group, ...more }, { operations })
const ruleIds = async (group: string, egress: boolean) => {
  const xml = await xmlOf(
    'DescribeSecurityGroupRules',
    { 'Filter.1.Name': 'group-id', 'Filter.1.Value.1': group },
    { operations },
  )
  const [ids, sides] = [texts(xml, 'securityGroupRuleId'), texts(xml, 'isEgress')]
  return ids.filter((_id, at) => sides[at] === String(egress))
}
/** Drawn ids as what they are the first, second, … of. */
const plain = (xml: string): string => {
  const seen = new Map<string, string>()
  return pretty(xml).replace(/\b(sgr?)-[0-9a-f]{17}\b/g, (id, prefix: string) => {
    seen.set(id, seen.get(id) ?? `${prefix}-${seen.size + 1}`)
    return seen.get(id) ?? ''
  })
}
const run = async (more: Record<string, string>) =>
  one(
    await xmlOf(
      'RunInstances',
      { ImageId: 'ami-00000000000000001', MinCount: 1, MaxCount: 1, ...more },
      { operations },
    ),
    'instanceId',
  )

test('golden: what a new tenant finds', async () => {
  expectGolden('ec2/DescribeSecurityGroups.default.xml', plain(await describe()))
  expect(texts(await describe(), 'groupId')[0]).toBe(DEFAULT)
  expect(texts(await describe({}, { operations, caller: bob }), 'groupName')).toEqual(['default'])
})

test('golden: the life of a group', async () => {
  const tags = {
    'TagSpecification.1.ResourceType': 'security-group',
    'TagSpecification.1.Tag.1.Key': 'of',
    'TagSpecification.1.Tag.1.Value': 'ann',
  }
  const parameters = { GroupName: 'web', GroupDescription: 'the web', ...tags }
  const made = await xmlOf('CreateSecurityGroup', parameters, { operations })
  expectGolden('ec2/CreateSecurityGroup.xml', plain(made))
  const group = one(made, 'groupId')
  const authorized = await ingress(group, {
    ...tcp(22, '10.1.2.3/16'),
    'IpPermissions.1.IpRanges.1.Description': 'ssh',
    'IpPermissions.2.IpProtocol': '-1',
    'IpPermissions.2.Groups.1.GroupName': 'default',
    'IpPermissions.3.IpProtocol': 'icmp',
    'IpPermissions.3.FromPort': 8,
    'IpPermissions.3.ToPort': -1,
    'IpPermissions.3.IpRanges.1.CidrIp': '0.0.0.0/0',
    'TagSpecification.1.ResourceType': 'security-group-rule',
    'TagSpecification.1.Tag.1.Key': 'why',
    'TagSpecification.1.Tag.1.Value': 'because',
  })
  expectGolden('ec2/AuthorizeSecurityGroupIngress.xml', plain(authorized))
  expectGolden('ec2/DescribeSecurityGroups.xml', plain(await describe({ 'GroupName.1': 'web' })))
  expectGolden(
    'ec2/DescribeSecurityGroupRules.xml',
    plain(await xmlOf('DescribeSecurityGroupRules', {}, { operations })),
  )
  const tagged = { 'Filter.1.Name': 'resource-type', 'Filter.1.Value.1': 'security-group*' }
  expect(texts(await xmlOf('DescribeTags', tagged, { operations }), 'value')).toEqual([
    'ann',
    'because',
    'because',
    'because',
  ])
  const gone = await xmlOf('DeleteSecurityGroup', { GroupId: group }, { operations })
  expectGolden('ec2/DeleteSecurityGroup.xml', plain(gone))
  expect(texts(await describe(), 'groupName')).toEqual(['default'])
})

test('what is there already is a duplicate, whatever is said of it', async () => {
  const group = await make('web')
  await ingress(group, tcp(22))
  const again = { GroupId: group, ...tcp(22), 'IpPermissions.1.IpRanges.1.Description': 'other words' }
  const fault = await faultOf('AuthorizeSecurityGroupIngress', again, { operations })
  expect(fault.message).toContain('peer: 0.0.0.0/0, TCP, from port: 22, to port: 22, ALLOW')
  expect(await codeOf('AuthorizeSecurityGroupIngress', again, { operations })).toBe('InvalidPermission.Duplicate')
  // The other way it is another rule.
  await xmlOf('AuthorizeSecurityGroupEgress', { GroupId: group, ...tcp(22) }, { operations })
})

test('revoked by what it says or by id; what is not there is not found; all or nothing', async () => {
  const group = await make('web')
  await ingress(group, tcp(22))
  await ingress(group, tcp(80))
  const flat = { GroupId: group, IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' }
  expect(await xmlOf('RevokeSecurityGroupIngress', flat, { operations })).toContain('<return>true</return>')
  expect(await codeOf('RevokeSecurityGroupIngress', flat, { operations })).toBe('InvalidPermission.NotFound')
  const [http = ''] = await ruleIds(group, false)
  const both = { GroupId: group, 'SecurityGroupRuleId.1': http, 'SecurityGroupRuleId.2': `${http.slice(0, -4)}0000` }
  expect(await codeOf('RevokeSecurityGroupIngress', both, { operations })).toBe('InvalidSecurityGroupRuleId.NotFound')
  expect(await ruleIds(group, false)).toEqual([http])
  await xmlOf('RevokeSecurityGroupIngress', { GroupId: group, 'SecurityGroupRuleId.1': http }, { operations })
  expect(await ruleIds(group, false)).toEqual([])
  const [out = ''] = await ruleIds(group, true)
  await xmlOf('RevokeSecurityGroupEgress', { GroupId: group, 'SecurityGroupRuleId.1': out }, { operations })
  expect(await ruleIds(group, true)).toEqual([])
})

test('rules are modified and described by their ids, which they keep', async () => {
  const group = await make('web')
  await ingress(group, tcp(22))
  const [ssh = ''] = await ruleIds(group, false)
  const modified = {
    GroupId: group,
    'SecurityGroupRule.1.SecurityGroupRuleId': ssh,
    'SecurityGroupRule.1.SecurityGroupRule.IpProtocol': 'udp',
    'SecurityGroupRule.1.SecurityGroupRule.FromPort': 53,
    'SecurityGroupRule.1.SecurityGroupRule.ToPort': 53,
    'SecurityGroupRule.1.SecurityGroupRule.CidrIpv4': '10.0.0.0/8',
  }
  await xmlOf('ModifySecurityGroupRules', modified, { operations })
  const described = {
    GroupName: 'web',
    'SecurityGroupRuleDescription.1.SecurityGroupRuleId': ssh,
    'SecurityGroupRuleDescription.1.Description': 'names',
  }
  await xmlOf('UpdateSecurityGroupRuleDescriptionsIngress', described, { operations })
  const xml = await xmlOf('DescribeSecurityGroupRules', { 'SecurityGroupRuleId.1': ssh }, { operations })
  expect([one(xml, 'ipProtocol'), one(xml, 'fromPort'), one(xml, 'cidrIpv4'), one(xml, 'description')]).toEqual([
    'udp',
    '53',
    '10.0.0.0/8',
    'names',
  ])
  const byWords = {
    GroupId: group,
    'IpPermissions.1.IpProtocol': '-1',
    'IpPermissions.1.IpRanges.1.CidrIp': '0.0.0.0/0',
    'IpPermissions.1.IpRanges.1.Description': 'all of it',
  }
  await xmlOf('UpdateSecurityGroupRuleDescriptionsEgress', byWords, { operations })
  const [out = ''] = await ruleIds(group, true)
  const egress = await xmlOf('DescribeSecurityGroupRules', { 'SecurityGroupRuleId.1': out }, { operations })
  expect(one(egress, 'description')).toBe('all of it')
})

test.each<[string, object, string[]]>([
  ['by name with wildcards', { 'Filter.1.Name': 'group-name', 'Filter.1.Value.1': 'w*' }, ['web']],
  ['by port', { 'Filter.1.Name': 'ip-permission.from-port', 'Filter.1.Value.1': '22' }, ['web']],
  ['by range', { 'Filter.1.Name': 'ip-permission.cidr', 'Filter.1.Value.1': '10.*' }, ['web']],
  ['by referred group', { 'Filter.1.Name': 'ip-permission.group-name', 'Filter.1.Value.1': 'default' }, ['default']],
  [
    'by protocol out',
    { 'Filter.1.Name': 'egress.ip-permission.protocol', 'Filter.1.Value.1': '-1' },
    ['default', 'web', 'db'],
  ],
  ['by description', { 'Filter.1.Name': 'description', 'Filter.1.Value.1': 'of d?' }, ['db']],
  ['by owner', { 'Filter.1.Name': 'owner-id', 'Filter.1.Value.1': '1' }, []],
  ['by two names', { 'GroupName.1': 'db', 'GroupName.2': 'web' }, ['web', 'db']],
])('DescribeSecurityGroups %s', async (_how, more, names) => {
  await ingress(await make('web'), tcp(22, '10.0.0.0/8'))
  await make('db')
  expect(texts(await describe(more), 'groupName').filter((name) => name !== '')).toEqual(names)
})

test('pages', async () => {
  for (let n = 0; n < 7; n += 1) await make(`g${n}`)
  const first = await describe({ MaxResults: 5 })
  const second = await describe({ MaxResults: 5, NextToken: one(first, 'nextToken') })
  expect([...texts(first, 'groupName'), ...texts(second, 'groupName')].filter(Boolean)).toHaveLength(8)
  expect(texts(second, 'nextToken')).toEqual([])
})

test('DryRun makes nothing', async () => {
  const dry = { GroupName: 'web', GroupDescription: 'x', DryRun: true }
  expect((await call('CreateSecurityGroup', dry, { operations })).body).toContain('DryRunOperation')
  const rule = { GroupId: DEFAULT, ...tcp(22), DryRun: true }
  expect((await call('AuthorizeSecurityGroupIngress', rule, { operations })).status).toBe(412)
  expect(operations.groups.size).toBe(0)
})

test('default may be changed and tagged, and is written then; it cannot be deleted or made', async () => {
  await ingress(DEFAULT, tcp(22))
  expect(operations.groups.get(PROJECT)?.wish.rules).toHaveLength(3)
  expect(await codeOf('DeleteSecurityGroup', { GroupName: 'default' }, { operations })).toBe('CannotDelete')
  const again = { GroupName: 'default', GroupDescription: 'x' }
  expect(await codeOf('CreateSecurityGroup', again, { operations })).toBe('InvalidGroup.Reserved')
})

test('a group in use is not deleted, and who uses it is named', async () => {
  const [web, db] = [await make('web'), await make('db')]
  await ingress(db, { 'IpPermissions.1.IpProtocol': '-1', 'IpPermissions.1.Groups.1.GroupId': web })
  const instance = await run({ 'SecurityGroupId.1': db })
  const byRule = await faultOf('DeleteSecurityGroup', { GroupId: web }, { operations })
  expect(byRule.message).toBe(`resource ${web} has a dependent object: ${db}`)
  const byMachine = await faultOf('DeleteSecurityGroup', { GroupId: db }, { operations })
  expect(byMachine.message).toBe(`resource ${db} has a dependent object: ${instance}`)
  expect(await codeOf('DeleteSecurityGroup', { GroupId: db }, { operations })).toBe('DependencyViolation')
})

test.each([
  ['by id', (id: string) => ({ 'SecurityGroupId.1': id })],
  ['by name', () => ({ 'SecurityGroup.1': 'web' })],
  [
    'at the interface',
    (id: string) => ({ 'NetworkInterface.1.DeviceIndex': '0', 'NetworkInterface.1.SecurityGroupId.1': id }),
  ],
])('a machine is launched into a group %s', async (_how, parameters) => {
  const group = await make('web')
  const instance = await run(parameters(group))
  for (const name of ['instance.group-id', 'group-id', 'network-interface.group-id']) {
    const found = await xmlOf('DescribeInstances', { 'Filter.1.Name': name, 'Filter.1.Value.1': group }, { operations })
    expect(texts(found, 'instanceId')).toContain(instance)
    expect(texts(found, 'groupName').filter(Boolean)).toEqual(['web', 'web'])
  }
  const byName = { 'Filter.1.Name': 'instance.group-name', 'Filter.1.Value.1': 'db' }
  expect(texts(await xmlOf('DescribeInstances', byName, { operations }), 'instanceId')).toEqual([])
})

test('the groups of a machine are changed later, and it has one at least', async () => {
  const [web, db] = [await make('web'), await make('db')]
  const instance = await run({ 'SecurityGroupId.1': web })
  const changed = { InstanceId: instance, 'GroupId.1': db, 'GroupId.2': DEFAULT }
  await xmlOf('ModifyInstanceAttribute', changed, { operations })
  const asked = { InstanceId: instance, Attribute: 'groupSet' }
  expect(texts(await xmlOf('DescribeInstanceAttribute', asked, { operations }), 'groupId').sort()).toEqual(
    [db, DEFAULT].sort(),
  )
  await xmlOf('DeleteSecurityGroup', { GroupId: web }, { operations })
})

test('where no host can filter traffic it is refused by name, and default still works', async () => {
  const because = 'it has no nft'
  operations.groupHosts.push(hostRecord('1', { seen: { capabilities: { lacks: [{ verb: 'rules', because }] } } }))
  const parameters = { GroupName: 'web', GroupDescription: 'x' }
  const fault = await faultOf('CreateSecurityGroup', parameters, { operations })
  expect(fault.message).toBe('no host of this site can filter traffic: it has no nft')
  expect(await codeOf('CreateSecurityGroup', parameters, { operations })).toBe('UnsupportedOperation')
  expect(await codeOf('AuthorizeSecurityGroupIngress', { GroupId: DEFAULT, ...tcp(22) }, { operations })).toBe(
    'UnsupportedOperation',
  )
  expect(operations.groups.size).toBe(0)
  await run({ 'SecurityGroup.1': 'default' })
  operations.groupHosts.push(hostRecord('2'))
  await make('web')
})

test.each<[string, string, string, object]>([
  ['a taken name', 'InvalidGroup.Duplicate', 'CreateSecurityGroup', { GroupName: 'web', GroupDescription: 'x' }],
  ['a name like an id', 'InvalidParameterValue', 'CreateSecurityGroup', { GroupName: 'sg-1', GroupDescription: 'x' }],
  ['no description', 'MissingParameter', 'CreateSecurityGroup', { GroupName: 'x' }],
  [
    'another vpc',
    'InvalidVpcID.NotFound',
    'CreateSecurityGroup',
    { GroupName: 'x', GroupDescription: 'x', VpcId: 'vpc-00000000' },
  ],
  ['no such group', 'InvalidGroup.NotFound', 'DeleteSecurityGroup', { GroupName: 'none' }],
  ['no id of a group', 'InvalidGroupId.Malformed', 'DeleteSecurityGroup', { GroupId: 'web' }],
  ['neither id nor name', 'MissingParameter', 'DeleteSecurityGroup', {}],
  [
    'no such rule',
    'InvalidSecurityGroupRuleId.NotFound',
    'DescribeSecurityGroupRules',
    { 'SecurityGroupRuleId.1': 'sgr-00000000' },
  ],
  ['no rule', 'MissingParameter', 'AuthorizeSecurityGroupIngress', { GroupName: 'web' }],
  [
    'a range that is none',
    'InvalidParameterValue',
    'AuthorizeSecurityGroupIngress',
    { GroupName: 'web', ...tcp(22, '10.0.0.300/8') },
  ],
  [
    'a port that is none',
    'InvalidParameterValue',
    'AuthorizeSecurityGroupIngress',
    { GroupName: 'web', ...tcp(65536) },
  ],
  [
    'no ports',
    'InvalidParameterValue',
    'AuthorizeSecurityGroupIngress',
    { GroupName: 'web', IpProtocol: 'tcp', CidrIp: '0.0.0.0/0' },
  ],
  [
    'a protocol that is none',
    'InvalidParameterValue',
    'AuthorizeSecurityGroupIngress',
    { GroupName: 'web', IpProtocol: 'x', CidrIp: '0.0.0.0/0' },
  ],
  [
    'another protocol',
    'UnsupportedOperation',
    'AuthorizeSecurityGroupIngress',
    { GroupName: 'web', IpProtocol: '47', CidrIp: '0.0.0.0/0' },
  ],
  [
    'IPv6',
    'UnsupportedOperation',
    'AuthorizeSecurityGroupIngress',
    { GroupName: 'web', 'IpPermissions.1.IpProtocol': '-1', 'IpPermissions.1.Ipv6Ranges.1.CidrIpv6': '::/0' },
  ],
  [
    "another's group",
    'InvalidGroup.NotFound',
    'AuthorizeSecurityGroupIngress',
    { GroupName: 'web', SourceSecurityGroupName: 'web', SourceSecurityGroupOwnerId: '999999999999' },
  ],
  [
    'a filter that is none',
    'InvalidParameterValue',
    'DescribeSecurityGroups',
    { 'Filter.1.Name': 'x', 'Filter.1.Value.1': 'y' },
  ],
  [
    'two interfaces',
    'UnsupportedOperation',
    'RunInstances',
    {
      ImageId: 'ami-00000000000000001',
      MinCount: 1,
      MaxCount: 1,
      'NetworkInterface.1.DeviceIndex': 0,
      'NetworkInterface.2.DeviceIndex': 1,
    },
  ],
])('refused: %s is %s', async (_what, code, action, parameters) => {
  await make('web')
  expect(await codeOf(action, parameters as Record<string, string>, { operations })).toBe(code)
})

test('more rules than EC2 takes', async () => {
  const group = await make('web')
  for (let port = 1; port <= 60; port += 1) await ingress(group, tcp(port))
  expect(await codeOf('AuthorizeSecurityGroupIngress', { GroupId: group, ...tcp(61) }, { operations })).toBe(
    'RulesPerSecurityGroupLimitExceeded',
  )
})

test('taking away what no group here can have is told as a rule that is not there', async () => {
  // Terraform does so with the IPv6 rule that a new group has at AWS.
  const group = await make('web')
  const v6 = { GroupId: group, 'IpPermissions.1.IpProtocol': '-1', 'IpPermissions.1.Ipv6Ranges.1.CidrIpv6': '::/0' }
  expect(await codeOf('RevokeSecurityGroupEgress', v6, { operations })).toBe('InvalidPermission.NotFound')
  expect(await codeOf('AuthorizeSecurityGroupEgress', v6, { operations })).toBe('UnsupportedOperation')
  const list = {
    GroupId: group,
    'IpPermissions.1.IpProtocol': '-1',
    'IpPermissions.1.PrefixListIds.1.PrefixListId': 'pl-1',
  }
  expect(await codeOf('RevokeSecurityGroupIngress', list, { operations })).toBe('InvalidPermission.NotFound')
})
