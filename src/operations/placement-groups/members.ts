/** Which machines are in a placement group: as they are ordered, and what that takes. */
import { fault } from '../../faults'
import type { ProjectId } from '../../model/ids'
import {
  type ComputeRecord,
  type GroupMembership,
  membersOfGroup,
  type PlacementGroupRecord,
} from '../../model/records'
import type { Hold, Mirror, Take } from '../../store/store'
import { held } from '../held'
import type { GroupAsked } from './operations'
import { ownPlacementGroup } from './own'

/** Of machines that something is left of, also such as their owner deleted. */
export const membersOf = (
  mirror: Pick<Mirror, 'list'>,
  { id, project }: PlacementGroupRecord,
): readonly ComputeRecord[] =>
  mirror.list('compute', project).filter(({ wish, seen }) => wish.placementGroup?.id === id && seen.goneAt === null)

export interface Joining {
  /** For the machines of the order, in their order. */
  readonly memberships: readonly GroupMembership[]
  readonly holds: readonly Hold[]
}

/**
 * What so many machines of an order become members of. Faults: 'not-found', 'invalid' for a partition that the group has not.
 */
export function joining(mirror: Mirror, project: ProjectId, asked: GroupAsked | undefined, count: number): Joining {
  if (asked === undefined) return { memberships: [], holds: [] }
  const group = ownPlacementGroup(mirror, project, asked.id)
  const taken = membersOf(mirror, group).flatMap(({ wish }) => wish.placementGroup ?? [])
  const memberships: GroupMembership[] = []
  for (let at = 0; at < count; at += 1) memberships.push(membershipIn(group, asked, [...taken, ...memberships]))
  return { memberships, holds: [held(group)] }
}

/** Faults: 'invalid', 'combination'. */
export function membershipIn(
  { id, wish: { rule, name } }: PlacementGroupRecord,
  { partition }: GroupAsked,
  others: readonly GroupMembership[],
): GroupMembership {
  const { partitions } = rule
  if (partitions === undefined) {
    if (partition === undefined) return { id }
    throw fault('combination', `the placement group ${name} has no partitions`, { field: 'PartitionNumber' })
  }
  if (partition === undefined) return { id, partition: emptiest(partitions, others) }
  if (Number.isInteger(partition) && partition >= 1 && partition <= partitions) return { id, partition }
  throw fault('invalid', `the placement group ${name} has partitions from 1 to ${partitions}`, {
    field: 'PartitionNumber',
  })
}

/** The one with the fewest machines, the first of several. */
function emptiest(partitions: number, others: readonly GroupMembership[]): number {
  const counts = Array.from({ length: partitions }, (_, at) => others.filter((one) => one.partition === at + 1).length)
  return counts.indexOf(Math.min(...counts)) + 1
}

/** What keeps a machine's group from being removed until nothing is left of the machine. */
export const membershipTakes = ({
  id,
  wish: { placementGroup },
}: Pick<ComputeRecord, 'id' | 'wish'>): readonly Take[] =>
  placementGroup === undefined ? [] : [{ hash: membersOfGroup(placementGroup.id), field: id, value: `compute:${id}` }]
