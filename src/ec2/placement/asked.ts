import type { Placement } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import type { PlacementGroupRecord } from '../../model/records'
import type { RunOrder } from '../../operations/operations'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { pick } from '../filters/pick'
import { checkShortNames } from '../resources/short-names'

export interface PlacementGroupsAsked {
  readonly ids?: readonly string[] | undefined
  readonly names?: readonly string[] | undefined
}

/** Those of these ids and those of these names, or all when none is named. Faults: 'malformed', 'not-found' naming all that are not there. */
export async function placementGroupsAsked(
  { ids = [], names = [] }: PlacementGroupsAsked,
  { operations, caller }: Pick<Ec2Context, 'operations' | 'caller'>,
): Promise<readonly PlacementGroupRecord[]> {
  checkShortNames('placementgroup', ids, 'GroupId')
  const all = await operations.listPlacementGroups(caller)
  if (ids.length === 0 && names.length === 0) return all
  const byId = ids.length === 0 ? [] : pick(all, ids, { ...WORDS, field: 'GroupId', nameOf: ({ wish }) => wish.group })
  const byName =
    names.length === 0 ? [] : pick(all, names, { ...WORDS, field: 'GroupName', nameOf: ({ wish }) => wish.name })
  return all.filter((group) => byId.includes(group) || byName.includes(group))
}

const WORDS = {
  subject: 'placementgroup',
  says: (missing: string) => `The placement group '${missing}' is unknown.`,
}

type Named = Pick<Placement, 'GroupName' | 'GroupId'>

/** The one of this name or id; undefined: neither is given. Faults: 'combination' for two different ones, 'malformed', 'not-found'. */
export async function placementGroupNamed(
  { GroupName, GroupId }: Named,
  context: Pick<Ec2Context, 'operations' | 'caller'>,
): Promise<PlacementGroupRecord | undefined> {
  if (!GroupName && !GroupId) return undefined
  const asked = { ids: GroupId ? [GroupId] : [], names: GroupName ? [GroupName] : [] }
  const [one, other] = await placementGroupsAsked(asked, context)
  if (other === undefined) return one
  throw fault('combination', `${shorten(GroupId ?? '')} and ${shorten(GroupName ?? '')} are two placement groups`, {
    field: 'GroupName',
  })
}

/** The group of an order. Faults: as above, 'combination' for a partition without a group. */
export async function placementGroupAsked(
  { PartitionNumber, ...named }: Placement,
  context: Pick<Ec2Context, 'operations' | 'caller'>,
): Promise<Pick<RunOrder, 'placementGroup'>> {
  const group = await placementGroupNamed(named, context)
  if (group)
    return {
      placementGroup: { id: group.id, ...(PartitionNumber === undefined ? {} : { partition: PartitionNumber }) },
    }
  if (PartitionNumber === undefined) return {}
  throw fault('combination', 'PartitionNumber goes with a placement group', { field: 'Placement.PartitionNumber' })
}
