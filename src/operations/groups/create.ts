/** Making security groups (EC2 CreateSecurityGroup; OCCI POST or PUT of a securitygroup). */
import { fault } from '../../faults'
import { isUuid, type SecurityGroupId } from '../../model/ids'
import { everythingOut, groupsNamed, type SecurityGroupRecord } from '../../model/records'
import { attemptOne, type Propose } from '../attempt'
import { checkTags } from '../check-tags'
import type { Caller, Context } from '../context'
import { created } from '../created'
import { drawId, drawName } from '../draw'
import { held } from '../held'
import { openProject } from '../open-project'
import { addRules } from './change-rules'
import type { GroupOperations } from './operations'
import { groupCreation, groupsOfProject, isUnwritten, nameField, ownGroup } from './read'
import { refuseUnfiltered } from './refuse-unfiltered'
import { GROUP_TEXT } from './text'

type Order = Parameters<GroupOperations['createGroup']>[1]

/** EC2's quota of a region. */
const MOST_GROUPS = 2500

/** Faults: 'invalid', 'too-large' (tags), 'exists', 'quota', 'forbidden', 'not-found' (a group named by a rule), 'unsupported'. */
export const createGroup = async (context: Context, caller: Caller, order: Order): Promise<SecurityGroupRecord> =>
  attemptOne(context, caller.actor, 'create-security-group', creatingGroup(caller, order))

/** The decision by itself. */
export function creatingGroup(caller: Caller, order: Order): Propose<SecurityGroupRecord> {
  checkOrder(order)
  const id = order.id ?? drawId<SecurityGroupId>()
  const group = drawName('securitygroup')
  const draw = () => drawName('securitygrouprule')
  return async (context, refusal) => {
    if (refusal?.state === 'taken' && refusal.take.field === nameField(caller.project, order.name))
      throw taken(order.name)
    await context.mirror.fresh(caller.project)
    const project = openProject(context, caller.project)
    const groups = groupsOfProject(context.mirror, project.id)
    if (groups.some((one) => one.wish.name === order.name)) throw taken(order.name)
    if (groups.some((one) => one.id === id))
      throw fault('exists', 'this security group is there already', { subject: { kind: 'securitygroup', id } })
    if (order.id !== undefined) await refuseForeignId(context, order.id)
    if (groups.length >= MOST_GROUPS)
      throw fault('quota', `a project has at most ${MOST_GROUPS} security groups`, { field: 'securityGroups' })
    refuseUnfiltered(context.mirror)
    const first = order.rules ?? [{ ...everythingOut, description: null }]
    const named = groupsNamed(first).flatMap((one) => (one === id ? [] : ownGroup(context.mirror, project.id, one)))
    const holds = [project, ...named.filter((one) => !isUnwritten(one))].map(held)
    const wish = {
      name: order.name,
      group,
      description: order.description,
      rules: addRules([], first, draw),
      tags: order.tags ?? {},
      createdAt: context.clock.now(),
    }
    const { create, takes } = groupCreation(id, project.id, wish)
    const value = created('securitygroup', create)
    return { value, change: order.dryRun ? undefined : { holds, creates: [create], takes } }
  }
}

/** In the words of an id that is none, so that nobody can search for ids: also for projects, whose ids are those of their groups `default`. */
const unusableId = () =>
  fault('invalid', 'a security group of your own naming needs a UUID in lower case that is not in use', { field: 'id' })

/** Faults: 'invalid'. */
async function refuseForeignId({ mirror, store }: Context, id: SecurityGroupId): Promise<void> {
  if (mirror.get('project', id) !== undefined || (await store.read('securitygroup', id)) !== undefined)
    throw unusableId()
}

function checkOrder({ name, description, tags = {}, id }: Order): void {
  if (id !== undefined && !isUuid(id)) throw unusableId()
  if (name === 'default')
    throw fault('invalid', 'Cannot use reserved security group name: default', { field: 'reservedGroup' })
  // A name may not look like an id (EC2).
  if (!GROUP_TEXT.test(name) || /^sg-/i.test(name))
    throw fault('invalid', `Invalid group name: 1 to 255 of a-z A-Z 0-9 and . _-:/()#,@[]+=&;{}!$*, not sg-…`, {
      field: 'GroupName',
    })
  if (!GROUP_TEXT.test(description))
    throw fault('invalid', 'Invalid group description: 1 to 255 of a-z A-Z 0-9 and . _-:/()#,@[]+=&;{}!$*', {
      field: 'GroupDescription',
    })
  checkTags(tags)
}

const taken = (name: string) =>
  fault('exists', `The security group '${name}' already exists for this project`, {
    subject: { kind: 'securitygroup', id: name },
  })
