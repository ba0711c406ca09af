import { fault } from '../../faults'
import type { SecurityGroupRecord } from '../../model/records'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { pick } from '../filters/pick'
import type { RuleShown } from '../filters/security-group-filters'
import { checkShortNames } from '../resources/short-names'
import { knownGroups } from './show'

export interface GroupsAsked {
  readonly ids?: readonly string[] | undefined
  readonly names?: readonly string[] | undefined
}

/** Those of these ids and those of these names, or all when none is named. Faults: 'malformed', 'not-found' naming all that are not there. */
export async function groupsAsked(
  { ids = [], names = [] }: GroupsAsked,
  { operations, caller }: Ec2Context,
): Promise<readonly SecurityGroupRecord[]> {
  checkShortNames('securitygroup', ids, 'GroupId')
  const all = await operations.listGroups(caller)
  if (ids.length === 0 && names.length === 0) return all
  const byId =
    ids.length === 0
      ? []
      : pick(
          all,
          ids,
          naming('GroupId', ({ wish }) => wish.group),
        )
  const byName =
    names.length === 0
      ? []
      : pick(
          all,
          names,
          naming('GroupName', ({ wish }) => wish.name),
        )
  return all.filter((group) => byId.includes(group) || byName.includes(group))
}

const naming = (field: string, nameOf: (group: SecurityGroupRecord) => string) => ({
  nameOf,
  field,
  subject: 'securitygroup',
  says: (missing: string) => `The security group '${missing}' does not exist`,
})

/** Rules of the caller's groups: those of these ids, or all. Faults: 'malformed', 'not-found' naming all that are not there. */
export async function rulesAsked(
  ids: readonly string[] | undefined,
  { operations, caller }: Ec2Context,
): Promise<readonly RuleShown[]> {
  checkShortNames('securitygrouprule', ids, 'SecurityGroupRuleId')
  const groups = await operations.listGroups(caller)
  const known = knownGroups(groups)
  const all = groups.flatMap((record) => record.wish.rules.map((rule) => ({ record, rule, known })))
  return pick(all, ids, {
    nameOf: ({ rule }) => rule.rule,
    field: 'SecurityGroupRuleId',
    subject: 'securitygrouprule',
    says: (missing) => `The security group rule ID '${missing}' does not exist`,
  })
}

/** The one of this id or name. Faults: 'missing' for neither, 'combination' for two different ones, 'malformed', 'not-found'. */
export async function groupNamed(
  { id, name }: { readonly id?: string | undefined; readonly name?: string | undefined },
  context: Ec2Context,
): Promise<SecurityGroupRecord> {
  const [one, other] = await groupsAsked({ ids: id ? [id] : [], names: name ? [name] : [] }, context)
  if ((!id && !name) || one === undefined)
    throw fault('missing', 'The request must contain the parameter GroupName or GroupId', { field: 'GroupId' })
  if (other === undefined) return one
  throw fault('combination', `${shorten(id ?? '')} and ${shorten(name ?? '')} are two different security groups`, {
    field: 'GroupName',
  })
}
