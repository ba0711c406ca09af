/**
 * Placement groups: which machines of a project are to be kept together or apart (EC2 placement group, our OCCI mixin). One record
 * for both fronts.
 *
 * Who writes what: operations write `wish`; there is nothing to see. A machine names its group in its own wish; what it claims on
 * a host bears the group too, so that placement reads who is where together with what is free there (placement/groups/members.ts).
 * The name space `members:<group>` has a field for each machine until nothing of it is left: a group that has one is not removed.
 */
import type { Envelope } from './envelope'
import type { ComputeId, PlacementGroupId } from './ids'

/** together: all in one place. apart: each in a place of its own. partitions: no place has machines of two partitions. */
export const GROUP_KEEPS = ['together', 'apart', 'partitions'] as const
export type GroupKeeps = (typeof GROUP_KEEPS)[number]

/** hard: a machine waits until the rule can be kept. soft: it is kept as far as it can be. */
export const GROUP_STRENGTHS = ['hard', 'soft'] as const
export type GroupStrength = (typeof GROUP_STRENGTHS)[number]

export interface PlacementRule {
  readonly keeps: GroupKeeps
  /** What counts as a place: `host`, `zone`, or the name of a label of hosts (`rack`); a host without the label is a place by itself. */
  readonly over: string
  readonly strength: GroupStrength
  /** How many there are; of `partitions` only. */
  readonly partitions?: number
}

export interface PlacementGroupWish {
  /** Unique in its project. */
  readonly name: string
  /** `pg-…` */
  readonly group: string
  readonly rule: PlacementRule
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
}

export type PlacementGroupRecord = Envelope<'placementgroup', PlacementGroupId, PlacementGroupWish, null, null, null>

/** As a machine's wish names its group. */
export interface GroupMembership {
  readonly id: PlacementGroupId
  /** From 1; absent: its group has none. */
  readonly partition?: number
}

/** The name space in which a group's machines are, each until nothing is left of it. */
export const membersOfGroup = (id: PlacementGroupId): string => `members:${id}`

/** What a machine's group is given back when nothing is left of the machine. */
export const membershipReleases = ({
  id,
  wish: { placementGroup },
}: {
  readonly id: ComputeId
  readonly wish: { readonly placementGroup?: GroupMembership }
}): readonly { readonly hash: string; readonly field: string }[] =>
  placementGroup === undefined ? [] : [{ hash: membersOfGroup(placementGroup.id), field: id }]
