/** Changing the rules of a group. Its job then wakes the machines that have it. */
import type { SecurityGroupId } from '../../model/ids'
import { type GroupRule, groupsNamed, type SecurityGroupRecord } from '../../model/records'
import { isSameRule } from '../../model/traffic/arithmetic'
import { attempt } from '../attempt'
import type { Caller, Context } from '../context'
import { drawName } from '../draw'
import { held } from '../held'
import { openProject } from '../open-project'
import { addRules, describeRules, removeRules, replaceRules } from './change-rules'
import type { GroupOperations, RuleOrder } from './operations'
import { groupCreation, isUnwritten, ownGroup } from './read'
import { refuseUnfiltered } from './refuse-unfiltered'

type Order = Parameters<GroupOperations['changeRules']>[1]

const draw = (): string => drawName('securitygrouprule')

/** Faults: 'not-found', 'exists', 'invalid', 'quota', 'forbidden', 'unsupported', 'conflict', 'unavailable'. */
export function changeRules(
  context: Context,
  caller: Caller,
  order: Order,
): Promise<{ readonly before: SecurityGroupRecord; readonly after: SecurityGroupRecord }> {
  return attempt(context, caller.actor, 'change-security-group', async () => {
    await context.mirror.fresh(caller.project)
    const project = openProject(context, caller.project)
    const before = ownGroup(context.mirror, project.id, order.id)
    if (order.change.how !== 'describe') refuseUnfiltered(context.mirror)
    const rules = changed(before.wish.rules, order.change)
    const others = namedGroups(context, caller, before, rules)
    const after = { ...before, wish: { ...before.wish, rules } }
    const value = { before, after }
    if (order.dryRun) return { change: undefined, value }
    const holds = [project, ...others.filter((group) => !isUnwritten(group))].map(held)
    return { change: { holds, ...writing(before, after.wish) }, value }
  })
}

/** What writes a group anew, or for the first time. */
export function writing(before: SecurityGroupRecord, wish: SecurityGroupRecord['wish']) {
  const { id, project, generation } = before
  if (isUnwritten(before) && project !== null) {
    const { create, takes } = groupCreation(id, project, wish)
    return { creates: [create], takes }
  }
  const ref = { kind: 'securitygroup', id } as const
  return { updates: [{ ref, project, generation, wish, raisePhase: false, wake: true }] }
}

function changed(rules: readonly GroupRule[], change: RuleOrder): readonly GroupRule[] {
  switch (change.how) {
    case 'add':
      return addRules(rules, change.rules, draw)
    case 'remove':
      return removeRules(rules, change.direction, change.choice)
    case 'replace':
      return replaceRules(rules, change.rules)
    case 'describe':
      return describeRules(rules, change.direction, change.described)
    case 'exactly':
      // One that stays keeps its id and its tags.
      return addRules([], change.rules, draw).map((rule) => {
        const known = rules.find((one) => isSameRule(one, rule))
        return known ? { ...rule, rule: known.rule, ...(known.tags ? { tags: known.tags } : {}) } : rule
      })
  }
}

/** Groups that the rules name must be the project's own, and still there when the rules are written. */
function namedGroups(
  { mirror }: Context,
  { project }: Caller,
  before: SecurityGroupRecord,
  rules: readonly GroupRule[],
): readonly SecurityGroupRecord[] {
  const known = new Set<SecurityGroupId>([before.id, ...groupsNamed(before.wish.rules)])
  return groupsNamed(rules)
    .filter((id) => !known.has(id))
    .map((id) => ownGroup(mirror, project, id))
}
