/** What the actions that change a group's rules share. */
import type { IpPermission, SecurityGroupRule } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import type { RuleSpec, SecurityGroupRecord } from '../../model/records'
import type { RuleChoice } from '../../operations/groups'
import type { Ec2Context, Input } from '../action'
import { checkShortNames } from '../resources/short-names'
import { tagsAtCreation } from '../resources/tags'
import { groupNamed } from './asked'
import { type Permissions, rulesAsked } from './permissions'
import { knownGroups, showRule } from './show'

type Authorize = Input<'AuthorizeSecurityGroupIngress'> | Input<'AuthorizeSecurityGroupEgress'>

const groupOf = (input: { GroupId?: string | undefined; GroupName?: string | undefined }, context: Ec2Context) =>
  groupNamed({ id: input.GroupId, name: input.GroupName }, context)

const permissionsIn = (input: Permissions): Permissions => ({
  IpPermissions: input.IpPermissions,
  IpProtocol: input.IpProtocol,
  FromPort: input.FromPort,
  ToPort: input.ToPort,
  CidrIp: input.CidrIp,
  SourceSecurityGroupName: input.SourceSecurityGroupName,
  SourceSecurityGroupOwnerId: input.SourceSecurityGroupOwnerId,
})

/** Adds what the request names; the rules as they are now. */
export async function authorize(
  direction: RuleSpec['direction'],
  input: Authorize,
  context: Ec2Context,
): Promise<{ readonly Return: boolean; readonly SecurityGroupRules: SecurityGroupRule[] }> {
  const { operations, caller } = context
  const tags = Object.entries(tagsAtCreation(input.TagSpecifications, 'security-group-rule'))
  const group = await groupOf(input, context)
  const rules = await rulesAsked(
    direction,
    permissionsIn(input),
    context,
    tags.map(([Key, Value]) => ({ Key, Value })),
  )
  const { before, after } = await operations.changeRules(caller, {
    id: group.id,
    change: { how: 'add', rules },
    dryRun: input.DryRun === true,
  })
  const known = knownGroups(await operations.listGroups(caller))
  const there = new Set(before.wish.rules.map(({ rule }) => rule))
  const added = after.wish.rules.filter(({ rule }) => !there.has(rule))
  return { Return: true, SecurityGroupRules: added.map((rule) => showRule(after, rule, known, context)) }
}

interface Choosing extends Permissions {
  readonly SecurityGroupRuleIds?: readonly string[] | undefined
}

/** The rules that a request chooses, by their ids or by what they say. */
export async function choiceOf(
  direction: RuleSpec['direction'],
  input: Choosing,
  context: Ec2Context,
): Promise<RuleChoice> {
  const ids = input.SecurityGroupRuleIds ?? []
  if (ids.length === 0) {
    refuseNeverThere(input.IpPermissions ?? [])
    return { specs: await rulesAsked(direction, permissionsIn(input), context) }
  }
  checkShortNames('securitygrouprule', ids, 'SecurityGroupRuleId')
  if ((input.IpPermissions ?? []).length > 0)
    throw fault('combination', 'The parameter SecurityGroupRuleIds cannot be used with the parameter IpPermissions', {
      field: 'SecurityGroupRuleId',
    })
  return { rules: ids }
}

/**
 * No rule here names IPv6 ranges or prefix lists, so one that does cannot be taken away. It is told as a rule that is not there:
 * Terraform takes the IPv6 rule that a new group has at AWS away from each group, and goes on when there was none.
 */
function refuseNeverThere(permissions: readonly IpPermission[]): void {
  const found = permissions.find(
    ({ Ipv6Ranges = [], PrefixListIds = [] }) => Ipv6Ranges.length + PrefixListIds.length > 0,
  )
  if (found)
    throw fault('not-found', 'The specified rule does not exist in this security group.', {
      subject: {
        kind: 'permission',
        id: found.Ipv6Ranges?.[0]?.CidrIpv6 ?? found.PrefixListIds?.[0]?.PrefixListId ?? '',
      },
    })
}

type Revoke = Input<'RevokeSecurityGroupIngress'> | Input<'RevokeSecurityGroupEgress'>

/** Takes away what the request names. */
export async function revoke(
  direction: RuleSpec['direction'],
  input: Revoke,
  context: Ec2Context,
): Promise<{ readonly Return: boolean }> {
  const group = await groupOf(input, context)
  const choice = await choiceOf(direction, input, context)
  await context.operations.changeRules(context.caller, {
    id: group.id,
    change: { how: 'remove', direction, choice },
    dryRun: input.DryRun === true,
  })
  return { Return: true }
}

type Describe = Input<'UpdateSecurityGroupRuleDescriptionsIngress'> | Input<'UpdateSecurityGroupRuleDescriptionsEgress'>

/** Says of rules what the request says of them; a description that is left out is taken away. */
export async function describe(
  direction: RuleSpec['direction'],
  input: Describe,
  context: Ec2Context,
): Promise<{ readonly Return: boolean }> {
  const group: SecurityGroupRecord = await groupOf(input, context)
  const byId = (input.SecurityGroupRuleDescriptions ?? []).map(({ SecurityGroupRuleId = '', Description }) => ({
    choice: { rules: [SecurityGroupRuleId] },
    description: Description || null,
  }))
  checkShortNames(
    'securitygrouprule',
    byId.flatMap(({ choice }) => choice.rules),
    'SecurityGroupRuleId',
  )
  const said =
    byId.length > 0 && input.IpPermissions === undefined
      ? []
      : await rulesAsked(direction, { IpPermissions: input.IpPermissions }, context)
  const described = [...byId, ...said.map((rule) => ({ choice: { specs: [rule] }, description: rule.description }))]
  await context.operations.changeRules(context.caller, {
    id: group.id,
    change: { how: 'describe', direction, described },
    dryRun: input.DryRun === true,
  })
  return { Return: true }
}
