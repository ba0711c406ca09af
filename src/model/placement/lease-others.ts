/** What of a host stays taken for a lease that is ordered, at the most that others can be asked for it. Pure. */
import { BOOT_SECONDS, IMMUNE_SECONDS, type LeaseWish, savingMs } from '../lease'
import type { HostCapacity } from '../machine'
import type { ComputeRecord } from '../records'
import { type HostClaim, isOverbooked, staying, yieldsAt } from './claims'
import type { ClaimedHost } from './holdings'

type Claims = Pick<ClaimedHost, 'byId' | 'claims'>

const givesWay = (claim: HostClaim, claims: readonly HostClaim[], now: number): boolean =>
  claim.held === undefined && claim.cores > 0 && yieldsAt(claim, claims) <= now

/** The machines there that may give way now, and those to which something is promised: their ids. */
export const othersOn = ({ byId, claims }: Claims, now: number): readonly string[] =>
  Object.entries(byId).flatMap(([id, claim]) => (givesWay(claim, claims, now) ? [id] : (claim.held?.machine ?? [])))

/**
 * Claims without what may be moved for it, and with those of machines as giving way that may be asked to; a start at once asks nobody.
 * `others`: records by id. `now`: ms.
 */
export function leftFor(
  { start }: LeaseWish,
  { byId, claims, usable }: Claims & { readonly usable: HostCapacity },
  others: ReadonlyMap<string, ComputeRecord>,
  now: number,
): readonly HostClaim[] {
  if (start === 'now') return claims
  const notice = start === undefined ? Number.POSITIVE_INFINITY : start - 1000 * BOOT_SECONDS - now
  const goes = (id: string, { memoryMiB }: HostClaim): boolean =>
    savingMs([memoryMiB]) <= notice && now - (others.get(id)?.wish.createdAt ?? 0) <= 1000 * IMMUNE_SECONDS
  const fixed = Object.entries(byId).filter(([, { held }]) => !isMovable(others.get(held?.machine ?? '')))
  const left = fixed.map(([id, claim]) => (givesWay(claim, claims, now) && !goes(id, claim) ? staying(claim) : claim))
  // Some of those that stay were told before to give way to somebody: then they do.
  return isOverbooked(usable, left, now) ? fixed.map(([, claim]) => claim) : left
}

/** A lease with a deadline that has not begun may get another time before that. */
const isMovable = (record: ComputeRecord | undefined): boolean =>
  record?.wish.lease?.deadline !== undefined && record.place.host === null && !record.place.parked
