/**
 * Security groups: what may come to a machine and leave it (EC2 security group, OCCI securitygroup). One record for both fronts.
 *
 * Who writes what: operations write `wish`. The group's own job writes `seen`: who is in it, so that rules which refer to a group
 * are known to a machine's job from a few records, not from a walk over all machines. The rules reach a host under the claim of
 * the machine that they are for (workers/reconcile/steps/rules.ts).
 *
 * Each project has a group `default` whose record's id is the project's own: it is there before anybody has written it.
 */
import type { Envelope } from './envelope'
import { type ProjectId, type Ref, type SecurityGroupId, shortName } from './ids'

/** icmp: type and code, -1 for every one. */
export interface PortRange {
  readonly from: number
  readonly to: number
}

export type GroupPeer = { readonly cidr: string } | { readonly group: SecurityGroupId }

/** What a rule says. All that no rule of a machine's groups lets through is dropped; answers to what was let through pass. */
export interface RuleSpec {
  readonly direction: 'in' | 'out'
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'all'
  /** null: all. */
  readonly ports: PortRange | null
  readonly peer: GroupPeer
}

export interface GroupRule extends RuleSpec {
  /** `sgr-…` */
  readonly rule: string
  readonly description: string | null
  readonly tags?: Readonly<Record<string, string>>
}

export interface SecurityGroupWish {
  /** Unique in its project. */
  readonly name: string
  /** `sg-…` */
  readonly group: string
  readonly description: string
  readonly rules: readonly GroupRule[]
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
}

export interface SecurityGroupSeen {
  /** Addresses of the machines that have it, sorted. */
  readonly members: readonly string[]
  /** Digest of the rules that its machines were last told of. */
  readonly told: string
  /** Whether machines still have to be woken for these members. */
  readonly telling: boolean
  /** When they were last told, ms. */
  readonly at: number
}

export type SecurityGroupRecord = Envelope<
  'securitygroup',
  SecurityGroupId,
  SecurityGroupWish,
  SecurityGroupSeen,
  null,
  null
>

export const GROUP_NEVER_SEEN: SecurityGroupSeen = { members: [], told: '', telling: false, at: 0 }

/** The rules of one interface as a host is given them. */
export interface TrafficRule {
  readonly direction: 'in' | 'out'
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'all'
  readonly ports: PortRange | null
  /** IPv4 range in its canonical form. */
  readonly peer: string
}

export interface TrafficWish {
  readonly digest: string
  readonly interfaces: readonly { readonly mac: string; readonly rules: readonly TrafficRule[] }[]
}

/** The id of a project's group `default`: the project's own. */
export const defaultGroupId = (project: ProjectId): SecurityGroupId => project as string as SecurityGroupId

export const isDefaultGroup = ({ id, project }: Pick<SecurityGroupRecord, 'id' | 'project'>): boolean =>
  (id as string) === project

const digitsOf = (project: ProjectId): string => project.replaceAll('-', '')

/** The group `default` of a project as it is before anybody changes it: everything from its own machines, everything out. */
export function usualDefaultGroup(project: ProjectId, createdAt: number): SecurityGroupWish {
  const id = defaultGroupId(project)
  const digits = digitsOf(project)
  const rule = (last: string): string => shortName('securitygrouprule', digits.slice(0, 16) + last)
  return {
    name: 'default',
    group: shortName('securitygroup', digits.slice(0, 17)),
    description: 'default security group',
    rules: [
      { rule: rule('1'), direction: 'in', protocol: 'all', ports: null, peer: { group: id }, description: null },
      { rule: rule('2'), ...everythingOut, description: null },
    ],
    tags: {},
    createdAt,
  }
}

/** What every new group lets out. */
export const everythingOut: RuleSpec = { direction: 'out', protocol: 'all', ports: null, peer: { cidr: '0.0.0.0/0' } }

/** Groups that the rules of a group name. */
export const groupsNamed = (rules: readonly RuleSpec[]): readonly SecurityGroupId[] => [
  ...new Set(rules.flatMap(({ peer }) => ('group' in peer ? [peer.group] : []))),
]

/** The groups of a machine, as what is to be told that it comes or goes. */
export const groupRefs = ({
  wish,
}: {
  readonly wish: { readonly interfaces: readonly { readonly groups?: readonly SecurityGroupId[] }[] }
}): readonly Ref[] =>
  [...new Set(wish.interfaces.flatMap(({ groups = [] }) => groups))].map((id) => ({ kind: 'securitygroup', id }))
