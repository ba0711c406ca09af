/** The placement groups of machines that wait: their rules, who of them is where, and how often somebody came into them. */
import type { PlacementGroupId } from '../../../src/model/ids'
import { type Demand, type HostView, membersIn, viewGroup } from '../../../src/model/placement'
import type { ComputeRecord, PlacementGroupRecord } from '../../../src/model/records'
import type { HostClaims } from '../../../src/store/store'
import type { Work } from '../work'

/** Read before the claims are: who comes into a group afterwards makes its revision another one. */
export interface GroupsRead {
  readonly records: ReadonlyMap<PlacementGroupId, PlacementGroupRecord>
  readonly revisions: ReadonlyMap<PlacementGroupId, number>
}

export async function readGroups(work: Work, machines: readonly ComputeRecord[]): Promise<GroupsRead> {
  const ids = [...new Set(machines.flatMap(({ wish }) => wish.placementGroup?.id ?? []))]
  if (ids.length === 0) return { records: new Map(), revisions: new Map() }
  const [records, revisions] = await Promise.all([
    work.store.readMany('placementgroup', ids),
    work.store.groupRevisions(ids),
  ])
  return {
    records: new Map(records.flatMap((record) => (record ? [[record.id, record]] : []))),
    revisions: new Map(ids.map((id, at) => [id, revisions[at] ?? 0])),
  }
}

/** What machines ask for, those in groups with their groups. */
export function withGroups(
  demands: readonly Demand[],
  machines: readonly ComputeRecord[],
  { records }: GroupsRead,
  hosts: readonly HostView[],
  held: readonly HostClaims[],
): readonly Demand[] {
  if (records.size === 0) return demands
  const members = membersIn(held)
  const views = new Map([...records].map(([id, record]) => [id, viewGroup(record, members.get(id) ?? [], hosts)]))
  const memberships = new Map(machines.map(({ id, wish }) => [id, wish.placementGroup]))
  return demands.map((demand) => {
    const membership = memberships.get(demand.id)
    const view = membership && views.get(membership.id)
    return view ? { ...demand, group: { view, partition: membership.partition ?? null } } : demand
  })
}
