/**
 * What a machine claims on a host, as the text that lies there: its size, and the group that it is in. So whoever reads what is
 * claimed knows who of a group is where, on the way between two hosts too.
 */
import type { HostId, PlacementGroupId } from '../../ids'
import type { ComputeWish } from '../../records'

interface ClaimedGroup {
  readonly id: PlacementGroupId
  readonly name: string
  readonly partition?: number
}

/** What is claimed: the JSON of a Size, and of the machine's group where it has one. */
export function claimFor({
  size,
  name,
  placementGroup,
}: Pick<ComputeWish, 'size' | 'name' | 'placementGroup'>): string {
  if (placementGroup === undefined) return JSON.stringify(size)
  const group: ClaimedGroup = { ...placementGroup, name }
  return JSON.stringify({ ...size, group })
}

/** One that holds a place. */
export interface GroupMember {
  /** The record's id. */
  readonly id: string
  /** `i-…` */
  readonly name: string
  readonly host: HostId
  readonly partition: number | null
}

/** Members of groups among what is claimed on hosts, by group. Claims are ours, written by claimFor. */
export function membersIn(
  held: readonly { readonly host: string; readonly claims: Readonly<Record<string, string>> }[],
): ReadonlyMap<PlacementGroupId, readonly GroupMember[]> {
  const found = new Map<PlacementGroupId, GroupMember[]>()
  for (const { host, claims } of held)
    for (const [id, text] of Object.entries(claims)) {
      // Most machines are in no group, and hosts have thousands of them.
      if (!text.includes('"group":')) continue
      const { group } = JSON.parse(text) as { readonly group?: ClaimedGroup }
      if (group === undefined) continue
      const members = found.get(group.id) ?? []
      members.push({ id, name: group.name, host: host as HostId, partition: group.partition ?? null })
      found.set(group.id, members)
    }
  return found
}
