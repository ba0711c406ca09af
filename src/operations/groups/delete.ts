/**
 * Deleting security groups (EC2 DeleteSecurityGroup; OCCI DELETE of one or of several). Refused while a machine has one of them, or the
 * rules of a group that stays name it. A machine that is ordered with one meanwhile changes what its project shows: it is decided again.
 */
import { fault } from '../../faults'
import type { ProjectId, SecurityGroupId } from '../../model/ids'
import { namesTold } from '../../model/names-told'
import { groupsNamed, isDefaultGroup, type SecurityGroupRecord } from '../../model/records'
import type { Mirror, Removal } from '../../store/store'
import { attemptOne, type Propose } from '../attempt'
import type { Caller, Context } from '../context'
import { MOST_AT_ONCE } from '../run/check-order'
import type { GroupOperations } from './operations'
import { groupsOfProject, isUnwritten, nameField, ownGroup } from './read'

type Order = Parameters<GroupOperations['deleteGroups']>[1]

/** All or nothing. Faults: 'not-found', 'immutable' (`default`), 'in-use' naming who has it, 'too-large', 'conflict', 'unavailable'. */
export const deleteGroups = async (context: Context, caller: Caller, order: Order): Promise<void> =>
  attemptOne(context, caller.actor, 'delete-security-groups', deletingGroups(caller, order))

/** The decision by itself. */
export function deletingGroups(caller: Caller, { ids, dryRun }: Order): Propose<void> {
  const going = new Set(ids)
  if (going.size > MOST_AT_ONCE)
    throw fault('too-large', `at most ${MOST_AT_ONCE} security groups can be named at once`, { field: 'ids' })
  return async ({ mirror }) => {
    const { project } = caller
    await mirror.fresh(project)
    const records = [...going].map((id) => ownGroup(mirror, project, id))
    for (const record of records) if (isDefaultGroup(record)) throw isDefault(record)
    const users = usersOf(mirror, project, going)
    for (const record of records) refuseInUse(record, users.get(record.id) ?? [])
    if (dryRun || records.length === 0) return { change: undefined, value: undefined }
    const removals = records.map(groupRemoval)
    return {
      value: undefined,
      change: {
        removals: removals.map(({ removal }) => removal),
        releases: removals.flatMap(({ releases }) => releases),
        unchanged: [{ project, revision: mirror.revision(project) }],
      },
    }
  }
}

const isDefault = ({ id, wish }: SecurityGroupRecord) =>
  fault('immutable', `the specified group: "${wish.group}" name: "default" cannot be deleted by a user`, {
    subject: { kind: 'securitygroup', id },
  })

type Users = ReadonlyMap<SecurityGroupId, readonly string[]>

/** Names of machines that have them, and of groups that stay and name them in a rule. */
function usersOf(mirror: Mirror, project: ProjectId, going: ReadonlySet<SecurityGroupId>): Users {
  const users = new Map<SecurityGroupId, string[]>()
  const add = (groups: Iterable<SecurityGroupId>, user: string): void => {
    for (const id of groups) if (going.has(id)) users.set(id, [...(users.get(id) ?? []), user])
  }
  for (const { wish } of mirror.list('compute', project))
    if (wish.exists) add(new Set(wish.interfaces.flatMap(({ groups = [] }) => groups)), wish.name)
  for (const { id, wish } of groupsOfProject(mirror, project))
    if (!going.has(id)) add(new Set(groupsNamed(wish.rules)), wish.group)
  return users
}

function refuseInUse({ id, wish }: SecurityGroupRecord, users: readonly string[]): void {
  if (users.length === 0) return
  throw fault('in-use', `resource ${wish.group} has a dependent object: ${namesTold(users)}`, {
    subject: { kind: 'securitygroup', id },
  })
}

/** What removes a group with its names. */
const groupRemoval = (
  record: SecurityGroupRecord,
): { readonly removal: Removal; readonly releases: readonly { readonly hash: string; readonly field: string }[] } => ({
  removal: { ref: { kind: 'securitygroup', id: record.id }, project: record.project, generation: record.generation },
  releases: [record.wish.group, nameField(record.project, record.wish.name)].map((field) => ({
    hash: 'names',
    field,
  })),
})

/** All groups of a project that have records. */
export const groupRemovals = (records: readonly SecurityGroupRecord[]) =>
  records.filter((record) => !isUnwritten(record)).map(groupRemoval)
