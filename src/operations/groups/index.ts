import type { Context } from '../context'
import { changeRules } from './change'
import { createGroup } from './create'
import { deleteGroups } from './delete'
import { setGroups } from './members'
import type { GroupOperations } from './operations'
import { groupsOf, groupsOfProject } from './read'

export { MOST_RULES, type NewRule, type RuleChoice, tooManyRules } from './change-rules'
export type { GroupOperations } from './operations'

/** Bound to their contexts: wishes to one, reads to the one that shows its last known state while Redis is away. */
export const openGroups = (context: Context, reading: Context): GroupOperations => ({
  async listGroups(caller) {
    await reading.mirror.fresh(caller.project)
    return groupsOfProject(reading.mirror, caller.project)
  },
  groupsOf: (record) => groupsOf(reading.mirror, record),
  createGroup: (caller, order) => createGroup(context, caller, order),
  deleteGroups: (caller, order) => deleteGroups(context, caller, order),
  changeRules: (caller, order) => changeRules(context, caller, order),
  setGroups: (caller, order) => setGroups(context, caller, order),
})
