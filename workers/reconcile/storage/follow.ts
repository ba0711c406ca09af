/**
 * A volume on storage that hosts share belongs where the machine is that has it: its place moves there, and with it what is claimed.
 *
 * Why nothing is done to it from two hosts: the place moves only while no effect on it is under way or unknown, so an older job has
 * nothing that it may still send (its next intent is refused by epoch), and only once no machine elsewhere may have it.
 */
import type { HostId } from '../../../src/model/ids'
import { isUnsettled } from '../../../src/model/intents'
import type { HostRecord } from '../../../src/model/records'
import { mayHold, poolsOf, type StorageRecord } from '../../../src/model/storage'
import type { Work } from '../work'

/** Where it goes; undefined: it stays where it is. */
export async function followed(work: Work, record: StorageRecord): Promise<HostRecord | undefined> {
  const { wish, seen, place, journal } = record
  const pool = seen.pool ?? null
  if (!wish.exists || pool === null || place.host === null || wish.holder === null) return undefined
  if (isUnsettled(journal.intent)) return undefined
  const holder = await work.store.read('compute', wish.holder.compute)
  const to = holder?.place.host ?? null
  if (to === null || to === place.host || holder?.place.moving) return undefined
  if (await isHeldAt(work, record, to)) return undefined
  const host = await work.store.read('host', to)
  return host !== undefined && poolsOf(host).includes(pool) ? host : undefined
}

/** Whether a machine that has it, or may have it, is on another host than `to`. */
async function isHeldAt(work: Work, { wish }: StorageRecord, to: HostId): Promise<boolean> {
  if (wish.former === null) return false
  const former = await work.store.read('compute', wish.former.compute)
  return former !== undefined && former.place.host !== to && mayHold(former, wish.name)
}
