/** Making and continuing a group's view: who is where, and whether all that must be together have room. */
import type { ComputeId, HostId } from '../../ids'
import type { HostCapacity, Size } from '../../machine'
import type { PlacementGroupRecord, PlacementRule } from '../../placement-groups'
import type { ComputeRecord, HostRecord } from '../../records'
import { type Demand, type HostView, hostViews } from '../demand'
import { HOST_FILTERS } from '../filters'
import { atLeastNothing, NOTHING, plus } from './amounts'
import type { GroupDemand, GroupView, Whole } from './group-demand'
import { type GroupMember, membersIn, othersOf } from './members'
import { placeOf } from './place-of'

/** `without`: a machine that is to find its place, and does not stand in its own way. */
export function viewGroup(
  { id, wish: { name, rule } }: Pick<PlacementGroupRecord, 'id' | 'wish'>,
  members: readonly GroupMember[],
  hosts: readonly HostView[],
  without?: string,
): GroupView {
  const byId = new Map<HostId, HostView>(hosts.map((host) => [host.id, host]))
  const held = heldIn(rule, members, byId, without)
  return { id, name, rule, held, share: rule.keeps === 'partitions' ? shareOf(rule, hosts) : 0 }
}

/** Who is in which place. */
export function heldIn(
  { over }: Pick<PlacementRule, 'over'>,
  members: readonly GroupMember[],
  hosts: ReadonlyMap<HostId, HostView>,
  without?: string,
): ReadonlyMap<string, readonly GroupMember[]> {
  const held = new Map<string, GroupMember[]>()
  for (const member of members) {
    if (member.id === without) continue
    const host = hosts.get(member.host)
    const place = host ? placeOf(host, over) : `host ${member.host}`
    held.set(place, [...(held.get(place) ?? []), member])
  }
  return held
}

/** So many places that each partition can have as many: what is left over has none of them. */
function shareOf({ over, partitions = 1 }: PlacementRule, hosts: readonly HostView[]): number {
  const places = new Set(hosts.filter(serves).map((host) => placeOf(host, over)))
  return Math.max(1, Math.floor(places.size / partitions))
}

/** These rules look at nothing of a machine. */
const serves = (host: HostView): boolean => HOST_FILTERS.every((filter) => filter.admits(ANYBODY, host) === true)

const ANYBODY: Demand = {
  id: '' as ComputeId,
  size: { type: '', cores: 0, cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 },
  zone: null,
  avoid: [],
}

/** One more has its place there; one that comes back to where its disks are is known there already. */
export function joined(view: GroupView, place: string, member: Pick<GroupMember, 'name' | 'partition'>): GroupView {
  const held = new Map(view.held)
  held.set(place, [...othersOf(held.get(place) ?? [], member.name), member])
  return { ...view, held }
}

/** Of those that must all get a place at once; undefined for one alone. What a host has less than nothing of counts as nothing. */
export function wholeOf(rule: PlacementRule, sizes: readonly Size[], hosts: readonly HostView[]): Whole | undefined {
  if (sizes.length < 2) return undefined
  const rooms = new Map<string, HostCapacity>()
  for (const host of hosts.filter(serves)) {
    const place = placeOf(host, rule.over)
    rooms.set(place, plus(rooms.get(place) ?? NOTHING, atLeastNothing(host.free)))
  }
  return { machines: sizes.length, needs: sizes.reduce<HostCapacity>(plus, NOTHING), rooms }
}

/**
 * The group of a machine that has a place, without itself: for whether it may be elsewhere. undefined: it is in none. `held`: what
 * is claimed on every host.
 */
export function groupWithout(
  { id, wish: { placementGroup } }: Pick<ComputeRecord, 'id' | 'wish'>,
  group: PlacementGroupRecord | undefined,
  held: Parameters<typeof membersIn>[0],
  hosts: readonly HostRecord[],
): GroupDemand | undefined {
  if (placementGroup === undefined || group === undefined) return undefined
  const views = hostViews(hosts.map((record) => ({ record, claims: [] })))
  const view = viewGroup(group, membersIn(held).get(group.id) ?? [], views, id)
  return { view, partition: placementGroup.partition ?? null }
}
