import type { GroupRule, RuleSpec, SecurityGroupRecord } from '../../model/records'
import { vpcIdOf } from '../default-vpc'
import { type Known, showGroup, showRule } from '../groups/show'
import type { FilterTable } from './filter'

/** A group with what its rules refer to. */
export interface GroupShown {
  readonly record: SecurityGroupRecord
  readonly known: Known
}

type Says = FilterTable<GroupShown>['says']

/** Filters `ip-permission.*` or `egress.ip-permission.*`. */
function permissionFilters(prefix: string, direction: RuleSpec['direction']): Says {
  const rules = ({ record }: GroupShown) => record.wish.rules.filter((rule) => rule.direction === direction)
  const groups = ({ record, known }: GroupShown) =>
    rules({ record, known }).flatMap(({ peer }) => ('group' in peer ? (known.get(peer.group) ?? []) : []))
  const port = (rule: GroupRule, which: 'from' | 'to'): string => {
    if (rule.ports !== null) return String(rule.ports[which])
    if (rule.protocol === 'tcp' || rule.protocol === 'udp') return which === 'from' ? '0' : '65535'
    return '-1'
  }
  return {
    [`${prefix}.cidr`]: (shown) => rules(shown).flatMap(({ peer }) => ('cidr' in peer ? [peer.cidr] : [])),
    [`${prefix}.from-port`]: (shown) => rules(shown).map((rule) => port(rule, 'from')),
    [`${prefix}.to-port`]: (shown) => rules(shown).map((rule) => port(rule, 'to')),
    [`${prefix}.group-id`]: (shown) => groups(shown).map(({ wish }) => wish.group),
    [`${prefix}.group-name`]: (shown) => groups(shown).map(({ wish }) => wish.name),
    [`${prefix}.protocol`]: (shown) => rules(shown).map(({ protocol }) => (protocol === 'all' ? '-1' : protocol)),
    [`${prefix}.user-id`]: (shown, { caller }) => groups(shown).map(() => caller.account),
  }
}

/** Filters of DescribeSecurityGroups. */
export const securityGroupFilters: FilterTable<GroupShown> = {
  says: {
    'group-id': ({ record }) => record.wish.group,
    'group-name': ({ record }) => record.wish.name,
    description: ({ record }) => record.wish.description,
    'owner-id': (_shown, { caller }) => caller.account,
    'vpc-id': ({ record }) => (record.project === null ? undefined : vpcIdOf(record.project)),
    ...permissionFilters('ip-permission', 'in'),
    ...permissionFilters('egress.ip-permission', 'out'),
  },
  tags: ({ record }) => record.wish.tags,
  silent: [
    'ip-permission.ipv6-cidr',
    'ip-permission.prefix-list-id',
    'egress.ip-permission.ipv6-cidr',
    'egress.ip-permission.prefix-list-id',
  ],
}

export const showGroupShown = ({ record, known }: GroupShown, context: Parameters<typeof showGroup>[2]) =>
  showGroup(record, known, context)

export interface RuleShown {
  readonly record: SecurityGroupRecord
  readonly rule: GroupRule
  readonly known: Known
}

export const showRuleShown = ({ record, rule, known }: RuleShown, context: Parameters<typeof showRule>[3]) =>
  showRule(record, rule, known, context)

/** Filters of DescribeSecurityGroupRules. */
export const securityGroupRuleFilters: FilterTable<RuleShown> = {
  says: {
    'group-id': ({ record }) => record.wish.group,
    'security-group-rule-id': ({ rule }) => rule.rule,
  },
  tags: ({ rule }) => rule.tags ?? {},
}
