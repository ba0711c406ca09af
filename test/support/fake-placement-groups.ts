/** Placement groups in memory, with the real checks of names, rules and partitions. */
import { fault } from '../../src/faults'
import type { PlacementGroupId } from '../../src/model/ids'
import type { ComputeRecord, ComputeWish, PlacementGroupRecord } from '../../src/model/records'
import type { Caller } from '../../src/operations/context'
import type { RunOrder } from '../../src/operations/operations'
import { checkGroup } from '../../src/operations/placement-groups/check'
import { membershipIn } from '../../src/operations/placement-groups/members'
import type { PlacementGroupOperations } from '../../src/operations/placement-groups/operations'
import { at } from './fake-offers'
import { groupRecord } from './placement-group'

export interface FakePlacementGroups extends PlacementGroupOperations {
  readonly placementGroups: Map<string, PlacementGroupRecord>
  membershipOf(caller: Caller, order: RunOrder): Pick<ComputeWish, 'placementGroup'>
}

export function fakePlacementGroups(computes: Map<string, ComputeRecord>): FakePlacementGroups {
  const placementGroups = new Map<string, PlacementGroupRecord>()
  let drawn = 0
  const own = (caller: Caller) => [...placementGroups.values()].filter((one) => one.project === caller.project)
  const mine = (caller: Caller, id: PlacementGroupId): PlacementGroupRecord => {
    const found = placementGroups.get(id)
    if (found?.project === caller.project) return found
    throw fault('not-found', 'there is no such placement group', { subject: { kind: 'placementgroup', id } })
  }
  const memberships = (id: PlacementGroupId) =>
    [...computes.values()].flatMap(({ wish }) =>
      wish.exists && wish.placementGroup?.id === id ? [wish.placementGroup] : [],
    )

  return {
    placementGroups,
    membershipOf: (caller, { placementGroup: asked }) =>
      asked ? { placementGroup: membershipIn(mine(caller, asked.id), asked, memberships(asked.id)) } : {},
    listPlacementGroups: async (caller) => own(caller),
    hostNamed: () => {
      throw fault('unsupported', 'this site lets no tenant name a host (HostId)', { field: 'Placement.HostId' })
    },
    placementGroupOf: ({ wish }) => wish.placementGroup && placementGroups.get(wish.placementGroup.id),
    createPlacementGroup: async (caller, { name, rule, tags = {}, dryRun }) => {
      checkGroup({ name, rule })
      if (own(caller).some(({ wish }) => wish.name === name))
        throw fault('exists', `The placement group '${name}' already exists.`, {
          subject: { kind: 'placementgroup', id: name },
        })
      drawn += 1
      const digits = drawn.toString(16)
      const base = groupRecord(name, rule, { project: caller.project, tags })
      const record = {
        ...base,
        id: `77777777-0000-4000-8000-${digits.padStart(12, '0')}` as PlacementGroupId,
        wish: { ...base.wish, group: `pg-${digits.padStart(17, '0')}`, createdAt: at + drawn },
      }
      if (!dryRun) placementGroups.set(record.id, record)
      return record
    },
    deletePlacementGroup: async (caller, { id, dryRun }) => {
      const { wish } = mine(caller, id)
      if (memberships(id).length > 0)
        throw fault('in-use', `The placement group '${wish.name}' is in use.`, {
          subject: { kind: 'placementgroup', id: wish.name },
        })
      if (!dryRun) placementGroups.delete(id)
    },
    setPlacementGroup: async (caller, { id, group }) => {
      const record = computes.get(id)
      if (record?.project !== caller.project) throw fault('not-found', 'no', { subject: { kind: 'compute', id } })
      if (record.wish.power !== 'off')
        throw fault('state', 'the placement group is changed only while the machine is stopped', {
          subject: { kind: 'compute', id },
        })
      const membership = group && membershipIn(mine(caller, group.id), group, memberships(group.id))
      const { placementGroup: _former, ...wish } = record.wish
      const next = { ...record, rev: record.rev + 1, wish: membership ? { ...wish, placementGroup: membership } : wish }
      computes.set(id, next)
      return next
    },
  }
}
