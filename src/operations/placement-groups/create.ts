/** Making and deleting placement groups (EC2 CreatePlacementGroup, DeletePlacementGroup; our OCCI mixin). */
import { fault } from '../../faults'
import { isUuid, type PlacementGroupId, type ProjectId } from '../../model/ids'
import { namesTold } from '../../model/names-told'
import type { PlacementGroupRecord, PlacementGroupWish } from '../../model/records'
import { placementGroupName } from '../../store/names'
import type { Create, Mirror, Removal, Take } from '../../store/store'
import { attemptOne, type Propose } from '../attempt'
import { checkTags } from '../check-tags'
import type { Caller, Context } from '../context'
import { created } from '../created'
import { drawId, drawName } from '../draw'
import { held } from '../held'
import { openProject } from '../open-project'
import { checkGroup, MOST_PLACEMENT_GROUPS } from './check'
import { membersOf } from './members'
import type { PlacementGroupOperations } from './operations'
import { ownPlacementGroup } from './own'

type Order = Parameters<PlacementGroupOperations['createPlacementGroup']>[1]

/** Faults: 'invalid', 'combination', 'too-large' (tags), 'exists', 'quota', 'forbidden', 'unavailable'. */
export async function createPlacementGroup(
  context: Context,
  caller: Caller,
  order: Order,
): Promise<PlacementGroupRecord> {
  return attemptOne(context, caller.actor, 'create-placement-group', creatingPlacementGroup(context, caller, order))
}

/** The decision by itself. */
export function creatingPlacementGroup(
  { clock }: Pick<Context, 'clock'>,
  caller: Caller,
  order: Order,
): Propose<PlacementGroupRecord> {
  checkGroup(order)
  const { name, rule, tags = {} } = order
  checkTags(tags)
  const wish = { name, group: drawName('placementgroup'), rule, tags, createdAt: clock.now() }
  if (order.id !== undefined && !isUuid(order.id)) throw unusableId()
  const { create, takes } = groupCreation(order.id ?? drawId<PlacementGroupId>(), caller.project, wish)
  return async (context, refusal) => {
    if (refusal?.state === 'taken' && refusal.take.field === placementGroupName(caller.project, name)) throw taken(name)
    await context.mirror.fresh(caller.project)
    const project = openProject(context, caller.project)
    refuseTaken(context.mirror, project.id, name)
    if (order.id !== undefined) await refuseUsedId(context, project.id, order.id)
    const value = created('placementgroup', create)
    return { value, change: order.dryRun ? undefined : { holds: [held(project)], creates: [create], takes } }
  }
}

/** Faults: 'exists', 'quota'. */
export function refuseTaken(mirror: Mirror, project: ProjectId, name: string): void {
  if (mirror.named(placementGroupName(project, name))) throw taken(name)
  if (mirror.list('placementgroup', project).length >= MOST_PLACEMENT_GROUPS)
    throw fault('quota', `a project has at most ${MOST_PLACEMENT_GROUPS} placement groups`, {
      field: 'placementGroups',
    })
}

/** No UUID, or another project's, in the same words. */
const unusableId = () =>
  fault('invalid', 'a placement group of your own naming needs a UUID in lower case that is not in use', {
    field: 'id',
  })

/** Faults: 'exists', 'invalid'. */
async function refuseUsedId({ store }: Context, project: ProjectId, id: PlacementGroupId): Promise<void> {
  const there = await store.read('placementgroup', id)
  if (there === undefined) return
  if (there.project !== project) throw unusableId()
  throw fault('exists', 'this placement group is there already', { subject: { kind: 'placementgroup', id } })
}

const taken = (name: string) =>
  fault('exists', `The placement group '${name}' already exists.`, { subject: { kind: 'placementgroup', id: name } })

/** What makes a group's record with its names. */
export const groupCreation = (
  id: PlacementGroupId,
  project: ProjectId,
  wish: PlacementGroupWish,
): { readonly create: Create; readonly takes: readonly Take[] } => ({
  create: { ref: { kind: 'placementgroup', id }, project, wish, seen: null, journal: null, place: null, wake: false },
  takes: namesOfGroup(project, wish).map((field) => ({ hash: 'names', field, value: `placementgroup:${id}` })),
})

const namesOfGroup = (project: ProjectId | null, { group, name }: PlacementGroupWish): readonly string[] => [
  group,
  placementGroupName(project, name),
]

/** Faults: 'not-found', 'in-use' naming who is in it. */
export const deletePlacementGroup = (context: Context, caller: Caller, order: Deletion): Promise<void> =>
  attemptOne(context, caller.actor, 'delete-placement-group', deletingPlacementGroup(caller, order))

type Deletion = Parameters<PlacementGroupOperations['deletePlacementGroup']>[1]

/** The decision by itself. */
export const deletingPlacementGroup =
  (caller: Caller, { id, dryRun }: Deletion): Propose<void> =>
  async (context) => {
    await context.mirror.fresh(caller.project)
    const record = ownPlacementGroup(context.mirror, caller.project, id)
    const members = membersOf(context.mirror, record).map(({ wish }) => wish.name)
    if (members.length > 0)
      throw fault('in-use', `The placement group '${record.wish.name}' is in use by ${namesTold(members)}.`, {
        subject: { kind: 'placementgroup', id: record.wish.name },
      })
    const { removal, releases } = placementGroupRemoval(record)
    return { change: dryRun ? undefined : { removals: [removal], releases }, value: undefined }
  }

/** What removes a group with its names. */
export const placementGroupRemoval = (
  record: PlacementGroupRecord,
): { readonly removal: Removal; readonly releases: readonly { readonly hash: string; readonly field: string }[] } => ({
  removal: { ref: { kind: 'placementgroup', id: record.id }, project: record.project, generation: record.generation },
  releases: namesOfGroup(record.project, record.wish).map((field) => ({ hash: 'names', field })),
})
