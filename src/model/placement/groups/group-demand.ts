/**
 * A group as placement sees it: its rule, and where its machines are. A value: whoever plans makes the next one with each machine
 * that gets a place.
 */
import type { PlacementGroupId } from '../../ids'
import type { HostCapacity } from '../../machine'
import type { PlacementRule } from '../../placement-groups'
import type { GroupMember } from './members'

export interface GroupView {
  readonly id: PlacementGroupId
  readonly name: string
  readonly rule: PlacementRule
  /** Who is in which place. */
  readonly held: ReadonlyMap<string, readonly Pick<GroupMember, 'name' | 'partition'>[]>
  /** How many places a partition may have for itself. */
  readonly share: number
}

/** The group of a machine that is to have a place. */
export interface GroupDemand {
  readonly view: GroupView
  readonly partition: number | null
  /** All that must get a place at once, where they must and are several. */
  readonly whole?: Whole
}

export interface Whole {
  readonly machines: number
  readonly needs: HostCapacity
  /** What is free in each place. */
  readonly rooms: ReadonlyMap<string, HostCapacity>
}
