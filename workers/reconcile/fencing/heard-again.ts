/** What a host's record says of fencing once the host answers: pure. */

import type { Epoch } from '../../../src/model/epoch'
import { askEvery, nextGrant, type WatchOrder, waitsForGrant, watchOrder } from '../../../src/model/fencing'
import type { MachineSighting } from '../../../src/model/machine'
import type { HostRecord, HostSeen } from '../../../src/model/records'
import type { HostListing } from '../../drivers/driver'

/** What the next probe brings to the host's watch. */
export const orderFor = ({ wish, seen }: HostRecord, epoch: Epoch): WatchOrder =>
  watchOrder(
    { lastsMs: wish.fencing?.selfMs ?? null, grant: seen.grant ?? null, wasGivenUp: Boolean(seen.fenced) },
    epoch,
  )

/** When to bring a host what it waits for, ms. */
const AT_ONCE_MS = 200

/** Whether a machine that was given up there may still do harm. */
export const isHarmful = ({ domain, work }: MachineSighting): boolean =>
  work !== null || (domain !== 'absent' && domain !== 'off')

/**
 * A host that was given up stays so until nothing of what was given up there runs: till then it takes no machines and is
 * granted no time. `cleared`: whether that is so.
 */
export function heardAgain(
  { wish, seen }: HostRecord,
  listing: HostListing,
  cleared: 'yes' | 'no',
  now: number,
): Pick<HostSeen, 'grant' | 'fenced' | 'fences' | 'fenceRun' | 'distrusted'> {
  const { selfMs } = wish.fencing ?? {}
  const fenced = cleared === 'yes' ? null : (seen.fenced ?? null)
  const grant = selfMs === undefined || fenced !== null ? null : nextGrant(listing.boot, listing.watch, selfMs, now)
  // An order to fence what answers is void.
  return { grant, fenced, fences: wish.fence?.level ?? 0, fenceRun: seen.fenceRun ?? null, distrusted: null }
}

/** When to ask it again, ms. */
export function askAgain(
  { wish, seen: before }: HostRecord,
  seen: HostSeen,
  listing: HostListing,
  usual: number,
  soon: number,
): number {
  if (seen.fenced) return Math.min(soon, usual)
  const { selfMs } = wish.fencing ?? {}
  // The record has just forgotten what it granted: now its watch may end.
  if (selfMs === undefined && before.grant) return Math.min(usual, AT_ONCE_MS)
  if (selfMs === undefined || !seen.grant) return usual
  return waitsForGrant(listing.watch) ? Math.min(usual, AT_ONCE_MS) : Math.min(usual, askEvery(selfMs))
}
