/** IpPermissions, in both of EC2's forms, to the rules of a group. */

import type { IpPermission, Tag } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import type { GroupPeer, PortRange, RuleSpec, SecurityGroupRecord } from '../../model/records'
import { canonicalCidr } from '../../model/traffic/cidr'
import type { NewRule } from '../../operations/groups'
import { GROUP_TEXT } from '../../operations/groups/text'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { readTags } from '../resources/tags'
import { groupNamed } from './asked'

/** The older form: one permission in parameters of its own. */
export interface FlatPermission {
  readonly IpProtocol?: string | undefined
  readonly FromPort?: number | undefined
  readonly ToPort?: number | undefined
  readonly CidrIp?: string | undefined
  readonly SourceSecurityGroupName?: string | undefined
  readonly SourceSecurityGroupOwnerId?: string | undefined
}

export interface Permissions extends FlatPermission {
  readonly IpPermissions?: readonly IpPermission[] | undefined
}

const PROTOCOLS: Readonly<Record<string, RuleSpec['protocol']>> = {
  tcp: 'tcp',
  '6': 'tcp',
  udp: 'udp',
  '17': 'udp',
  icmp: 'icmp',
  '1': 'icmp',
  '-1': 'all',
  all: 'all',
}

/** Faults: 'missing', 'invalid', 'unsupported' for protocols that rules cannot name here. */
export function protocolOf(text: string | undefined): RuleSpec['protocol'] {
  if (text === undefined || text === '')
    throw fault('missing', 'The request must contain the parameter IpProtocol', { field: 'IpProtocol' })
  const known = PROTOCOLS[text.toLowerCase()]
  if (known && Object.hasOwn(PROTOCOLS, text.toLowerCase())) return known
  throw /^\d{1,3}$|^icmpv6$/i.test(text)
    ? fault('unsupported', `The protocol ${text} is not supported by this gateway; tcp, udp, icmp and -1 are`, {
        field: 'IpProtocol',
      })
    : fault('invalid', `Invalid value '${shorten(text)}' for IP protocol. Unknown protocol.`, { field: 'IpProtocol' })
}

const isPort = (value: number): boolean => value >= 0 && value <= 65_535
const isIcmp = (value: number): boolean => value >= -1 && value <= 255

/** null: all. Faults: 'invalid'. */
export function portsOf(protocol: RuleSpec['protocol'], from?: number, to?: number): PortRange | null {
  if (protocol === 'all') return null
  if (protocol === 'icmp') {
    const [type, code] = [from ?? -1, to ?? -1]
    if (!isIcmp(type) || !isIcmp(code) || (type === -1 && code !== -1))
      throw fault('invalid', `Invalid value for icmp type and code: ${type}, ${code}`, { field: 'FromPort' })
    return type === -1 ? null : { from: type, to: code }
  }
  if (from === undefined || to === undefined || from === -1 || to === -1)
    throw fault('invalid', "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.", {
      field: 'FromPort',
    })
  if (!isPort(from) || !isPort(to) || from > to)
    throw fault('invalid', `Invalid TCP/UDP port range (${from}:${to})`, { field: 'FromPort' })
  return from === 0 && to === 65_535 ? null : { from, to }
}

/** Faults: 'invalid'. */
export function cidrPeer(text: string): GroupPeer {
  const cidr = canonicalCidr(text)
  if (cidr !== undefined) return { cidr }
  throw fault('invalid', `CIDR block ${shorten(text)} is malformed`, { field: 'CidrIp' })
}

/** Faults: 'invalid'. */
export function ruleDescription(text: string | undefined): string | null {
  if (text === undefined || text === '') return null
  if (GROUP_TEXT.test(text)) return text
  throw fault(
    'invalid',
    'Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
    {
      field: 'Description',
    },
  )
}

const named = (id: string | undefined, name: string | undefined, owner: string | undefined, context: Ec2Context) => {
  if (owner !== undefined && owner !== '' && owner !== context.caller.account)
    throw fault('not-found', `The security group '${shorten(id ?? name ?? '')}' does not exist`, {
      subject: { kind: 'securitygroup', id: shorten(id ?? name ?? '') },
    })
  return groupNamed({ id, name }, context)
}

/** The rules that a request names, in its order. Faults: 'missing' for none, 'invalid', 'unsupported', 'not-found', 'combination'. */
export async function rulesAsked(
  direction: RuleSpec['direction'],
  input: Permissions,
  context: Ec2Context,
  tags: readonly Tag[] = [],
): Promise<readonly NewRule[]> {
  const { IpPermissions = [], ...flat } = input
  const isFlat = Object.values(flat).some((value) => value !== undefined)
  if (isFlat && IpPermissions.length > 0)
    throw fault('combination', 'The parameter IpPermissions cannot be used with the parameter IpProtocol', {
      field: 'IpPermissions',
    })
  const permissions = isFlat ? [unflattened(flat)] : IpPermissions
  if (permissions.length === 0)
    throw fault('missing', 'The request must contain the parameter IpPermissions', { field: 'IpPermissions' })
  const ofRules = tags.length === 0 ? {} : { tags: readTags(tags) }
  const rules = await Promise.all(permissions.map((permission) => ofPermission(direction, permission, context)))
  return rules.flat().map((rule) => ({ ...rule, ...ofRules }))
}

const unflattened = (flat: FlatPermission): IpPermission => ({
  IpProtocol: flat.IpProtocol ?? (flat.SourceSecurityGroupName === undefined ? undefined : '-1'),
  FromPort: flat.FromPort,
  ToPort: flat.ToPort,
  ...(flat.CidrIp === undefined ? {} : { IpRanges: [{ CidrIp: flat.CidrIp }] }),
  ...(flat.SourceSecurityGroupName === undefined
    ? {}
    : { UserIdGroupPairs: [{ GroupName: flat.SourceSecurityGroupName, UserId: flat.SourceSecurityGroupOwnerId }] }),
})

async function ofPermission(
  direction: RuleSpec['direction'],
  permission: IpPermission,
  context: Ec2Context,
): Promise<readonly NewRule[]> {
  const { IpRanges = [], UserIdGroupPairs = [], Ipv6Ranges = [], PrefixListIds = [] } = permission
  for (const [field, list] of [['Ipv6Ranges', Ipv6Ranges] as const, ['PrefixListIds', PrefixListIds] as const])
    if (list.length > 0)
      throw fault('unsupported', `The parameter IpPermissions.${field} is not supported by this gateway`, { field })
  const protocol = protocolOf(permission.IpProtocol)
  const common = { direction, protocol, ports: portsOf(protocol, permission.FromPort, permission.ToPort) }
  const ranges = IpRanges.map(({ CidrIp, Description }) => ({
    ...common,
    peer: cidrPeer(CidrIp ?? ''),
    description: ruleDescription(Description),
  }))
  const groups = await Promise.all(
    UserIdGroupPairs.map(async ({ GroupId, GroupName, UserId, Description }) => ({
      ...common,
      peer: { group: (await named(GroupId, GroupName, UserId, context)).id },
      description: ruleDescription(Description),
    })),
  )
  if (ranges.length + groups.length > 0) return [...ranges, ...groups]
  throw fault('missing', 'A permission names at least one range or group', { field: 'IpPermissions' })
}

/** What ModifySecurityGroupRules says of one rule. */
export async function ruleSaid(
  said: {
    readonly IpProtocol?: string | undefined
    readonly FromPort?: number | undefined
    readonly ToPort?: number | undefined
    readonly CidrIpv4?: string | undefined
    readonly CidrIpv6?: string | undefined
    readonly PrefixListId?: string | undefined
    readonly ReferencedGroupId?: string | undefined
    readonly Description?: string | undefined
  },
  context: Ec2Context,
): Promise<Omit<NewRule, 'direction' | 'tags'>> {
  for (const field of ['CidrIpv6', 'PrefixListId'] as const)
    if (said[field] !== undefined)
      throw fault('unsupported', `The parameter ${field} is not supported by this gateway`, { field })
  const { CidrIpv4, ReferencedGroupId } = said
  if ((CidrIpv4 === undefined) === (ReferencedGroupId === undefined))
    throw fault('combination', 'A rule has either a CidrIpv4 or a ReferencedGroupId', { field: 'CidrIpv4' })
  const protocol = protocolOf(said.IpProtocol)
  const group: SecurityGroupRecord | undefined =
    ReferencedGroupId === undefined ? undefined : await groupNamed({ id: ReferencedGroupId }, context)
  return {
    protocol,
    ports: portsOf(protocol, said.FromPort, said.ToPort),
    peer: group === undefined ? cidrPeer(CidrIpv4 ?? '') : { group: group.id },
    description: ruleDescription(said.Description),
  }
}
