/** Security groups and their rules as EC2 shows them. Pure; names of groups are looked up among those of the project. */
import type { IpPermission, SecurityGroup, SecurityGroupRule } from '@aws-sdk/client-ec2'
import type { ProjectId } from '../../model/ids'
import type { GroupRule, RuleSpec, SecurityGroupRecord } from '../../model/records'
import type { Ec2Context } from '../action'
import { vpcIdOf } from '../default-vpc'
import { showTags } from '../show/tags'

/** All groups of the caller, by their records' ids. */
export type Known = ReadonlyMap<string, SecurityGroupRecord>

export const knownGroups = (groups: readonly SecurityGroupRecord[]): Known =>
  new Map(groups.map((group) => [group.id, group]))

const vpcOf = (project: ProjectId | null): string => (project === null ? '' : vpcIdOf(project))

export const showGroup = (
  { project, wish }: SecurityGroupRecord,
  known: Known,
  { caller, region }: Ec2Context,
): SecurityGroup => ({
  OwnerId: caller.account,
  GroupId: wish.group,
  SecurityGroupArn: groupArn(wish.group, caller.account, region),
  GroupName: wish.name,
  Description: wish.description,
  VpcId: vpcOf(project),
  IpPermissions: showPermissions(wish.rules, 'in', known, caller.account),
  IpPermissionsEgress: showPermissions(wish.rules, 'out', known, caller.account),
  Tags: showTags(wish.tags),
})

export const groupArn = (group: string, account: string, region: string): string =>
  `arn:aws:ec2:${region}:${account}:security-group/${group}`

const protocolName = ({ protocol }: RuleSpec): string => (protocol === 'all' ? '-1' : protocol)

/** EC2 leaves out the ports of a rule for all protocols, and says all ports of one as 0 to 65535, all of icmp as -1. */
function portsShown({ protocol, ports }: RuleSpec): { readonly FromPort?: number; readonly ToPort?: number } {
  if (protocol === 'all') return {}
  if (ports !== null) return { FromPort: ports.from, ToPort: ports.to }
  return protocol === 'icmp' ? { FromPort: -1, ToPort: -1 } : { FromPort: 0, ToPort: 65_535 }
}

function showPermissions(
  rules: readonly GroupRule[],
  direction: RuleSpec['direction'],
  known: Known,
  account: string,
): IpPermission[] {
  const together = new Map<string, GroupRule[]>()
  for (const rule of rules.filter((one) => one.direction === direction)) {
    const key = JSON.stringify([rule.protocol, rule.ports])
    together.set(key, [...(together.get(key) ?? []), rule])
  }
  return [...together.values()].flatMap((alike) => {
    const [first] = alike
    if (first === undefined) return []
    return {
      IpProtocol: protocolName(first),
      ...portsShown(first),
      UserIdGroupPairs: alike.flatMap(({ peer, description }) =>
        'group' in peer
          ? [{ ...said(description), UserId: account, GroupId: known.get(peer.group)?.wish.group ?? '' }]
          : [],
      ),
      IpRanges: alike.flatMap(({ peer, description }) =>
        'cidr' in peer ? [{ ...said(description), CidrIp: peer.cidr }] : [],
      ),
      Ipv6Ranges: [],
      PrefixListIds: [],
    }
  })
}

const said = (description: string | null): { readonly Description?: string } =>
  description === null ? {} : { Description: description }

export const showRule = (
  { wish }: SecurityGroupRecord,
  rule: GroupRule,
  known: Known,
  { caller, region }: Ec2Context,
): SecurityGroupRule => ({
  SecurityGroupRuleId: rule.rule,
  GroupId: wish.group,
  GroupOwnerId: caller.account,
  IsEgress: rule.direction === 'out',
  IpProtocol: protocolName(rule),
  FromPort: portsShown(rule).FromPort ?? -1,
  ToPort: portsShown(rule).ToPort ?? -1,
  ...('cidr' in rule.peer
    ? { CidrIpv4: rule.peer.cidr }
    : {
        ReferencedGroupInfo: { GroupId: known.get(rule.peer.group)?.wish.group ?? '', UserId: caller.account },
      }),
  ...said(rule.description),
  Tags: showTags(rule.tags ?? {}),
  SecurityGroupRuleArn: `arn:aws:ec2:${region}:${caller.account}:security-group-rule/${rule.rule}`,
})

/** `{GroupId, GroupName}` of each. */
export const showIdentifiers = (groups: readonly SecurityGroupRecord[]) =>
  groups.map(({ wish }) => ({ GroupId: wish.group, GroupName: wish.name }))
