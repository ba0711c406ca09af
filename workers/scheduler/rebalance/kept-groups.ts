/** Placement groups while a plan of moves is made: who of them is where after each step, so that each step keeps their rules. */
import type { HostId, PlacementGroupId } from '../../../src/model/ids'
import {
  type Demand,
  type GroupMember,
  type GroupView,
  type HostView,
  heldIn,
  viewGroup,
} from '../../../src/model/placement'
import type { PlacementGroupRecord } from '../../../src/model/records'
import type { Seated } from './plan'

/** A group with its members as they are claimed. */
export interface SeatedGroup {
  readonly record: PlacementGroupRecord
  readonly members: readonly GroupMember[]
}

interface Kept {
  readonly view: GroupView
  members: readonly GroupMember[]
}

export class KeptGroups {
  private readonly groups: ReadonlyMap<PlacementGroupId, Kept>
  private readonly hosts: ReadonlyMap<HostId, HostView>

  constructor(groups: readonly SeatedGroup[], hosts: readonly HostView[]) {
    this.hosts = new Map(hosts.map((host) => [host.id, host]))
    this.groups = new Map(
      groups.map(({ record, members }) => [record.id, { view: viewGroup(record, [], hosts), members }]),
    )
  }

  /** What it asks for, with its group as it is now without itself. */
  demandOf({ demand, group }: Seated): Demand {
    const its = group && this.groups.get(group.id)
    if (!its) return demand
    const held = heldIn(its.view.rule, its.members, this.hosts, demand.id)
    return { ...demand, group: { view: { ...its.view, held }, partition: group.partition ?? null } }
  }

  moved({ demand, group }: Seated, to: HostId): void {
    const its = group && this.groups.get(group.id)
    if (its) its.members = its.members.map((one) => (one.id === demand.id ? { ...one, host: to } : one))
  }
}
