/**
 * Who of a placement group is where, by what is claimed on hosts: whoever reads what is free there knows that together with it, and
 * of a machine on its way both hosts.
 */
import type { HostId, PlacementGroupId } from '../../ids'
import { parseClaim } from '../claims'

/** One that holds a place. */
export interface GroupMember {
  /** The record's id. */
  readonly id: string
  /** `i-…` */
  readonly name: string
  readonly host: HostId
  readonly partition: number | null
}

/** Members of groups among what is claimed on hosts, by group. */
export function membersIn(
  held: readonly { readonly host: string; readonly claims: Readonly<Record<string, string>> }[],
): ReadonlyMap<PlacementGroupId, readonly GroupMember[]> {
  const found = new Map<PlacementGroupId, GroupMember[]>()
  for (const { host, claims } of held)
    for (const [id, text] of Object.entries(claims)) {
      // Most machines are in no group, and hosts have thousands of them.
      if (!text.includes('"group":')) continue
      const { group } = parseClaim(text)
      if (group === undefined) continue
      const members = found.get(group.id) ?? []
      members.push({ id, name: group.name, host: host as HostId, partition: group.partition ?? null })
      found.set(group.id, members)
    }
  return found
}

/** One that gave its cores and memory away is where its disks are, and does not stand in its own way back; `name`: its own. */
export const othersOf = <Member extends Pick<GroupMember, 'name'>>(
  members: readonly Member[],
  name: string | undefined,
): readonly Member[] => members.filter((member) => member.name !== name)
