/**
 * What is claimed on a host, and what of it at which time. Pure. Scripts keep a claim as the JSON of one of these, under the id of whose
 * it is: a machine's, a volume's (disk alone), an address's (nothing), or a reservation's (`held`: one place and how many of them).
 *
 * Two sums matter. What is taken *now* is what machines have, and the places of reservations that have begun and that no machine
 * is in. What is *promised* at a later time are the places of the reservations of that time, and the machines that need not give way by then:
 * a machine that yields is saved to its disk before a reservation needs its place, so its cores and its memory count no more, and its disk does.
 * Nothing is ever promised twice as long as, at the beginning of each reservation, the promises are within what the host has.
 */
import type { ComputeId, ProjectId, ReservationId } from '../ids'
import { type Booked, endOf, hasTerms, SHUTDOWN_SECONDS, savingMs } from '../lease'
import type { HostCapacity, Size } from '../machine'
import type { GroupMembership } from '../placement-groups'
import type { ComputeRecord, ComputeWish } from '../records'

export interface Held {
  readonly reservation: ReservationId
  /** `cr-…` */
  readonly name: string
  readonly project: ProjectId
  readonly match: 'open' | 'targeted'
  /** Places of the claim's size. */
  readonly slots: number
  /** ms since 1970; null: without an end. */
  readonly from: number
  readonly until: number | null
  /** It is not a reservation's, but what is promised to this machine by its lease. */
  readonly machine?: ComputeId
}

export interface HostClaim extends Size {
  /** It is a public address of the provider's, of this name; it takes no room. */
  readonly address?: string
  /** The machine is in one of the places of this reservation. */
  readonly covers?: ReservationId
  /** From then on the machine gives way to reservations, ms; 0: at any time. Absent: never. */
  readonly yields?: number
  /** At a provider it may be ended and made anew on a host here. */
  readonly home?: true
  /** It is a reservation's. */
  readonly held?: Held
  /** The machine is in this placement group. */
  readonly group?: GroupMembership & { readonly name: string }
  /** It was told to give its place to a reservation, and has not gone yet. */
  readonly leaving?: true
  /** Whose machine it is; absent: a volume's, or one of before this was kept. */
  readonly project?: ProjectId
  /** The machine shares its host with no other project. */
  readonly alone?: true
}

/** What a machine claims wherever it is: its size, whose it is, whether it gives way, and the group that it is in (`name`: the machine's, `i-…`). */
export const machineClaim = ({
  project,
  wish: { size, name, lease, placementGroup, hosting, burst },
}: {
  readonly project: ProjectId | null
  readonly wish: Pick<ComputeWish, 'size' | 'name' | 'lease' | 'placementGroup' | 'hosting' | 'burst'>
}): HostClaim => ({
  ...size,
  ...(project === null ? {} : { project }),
  ...(hosting?.alone ? { alone: true } : {}),
  ...(lease?.preemptible ? { yields: 0 } : {}),
  ...(burst?.replaceable ? { home: true } : {}),
  ...(placementGroup === undefined ? {} : { group: { ...placementGroup, name } }),
})

/**
 * What a machine claims on a host to which it is moved: with a lease it gives way once that is over. One with a deadline that had given its
 * place away has the rest of its time there in one stretch, and when that begins is not known yet: it gives way to nobody.
 */
export function movedClaim(record: Pick<ComputeRecord, 'project' | 'wish' | 'place'>): HostClaim {
  const claim = machineClaim(record)
  const { lease } = record.wish
  if (!hasTerms(lease) || (lease.preemptible && lease.deadline === undefined)) return claim
  const ends = endOf(record)
  return ends === undefined ? staying(claim) : { ...claim, yields: ends + 1000 * SHUTDOWN_SECONDS }
}

/** What is left of a machine's claim while it gave its place away. */
export const parkedClaim = (claim: HostClaim): HostClaim => {
  const { covers: _covers, leaving: _leaving, ...rest } = claim
  return { ...rest, cores: 0, cpuHundredths: 0, memoryMiB: 0 }
}

/** Under which a host keeps what is promised to a machine, beside what that machine has there itself. */
export const bookingKey = (machine: ComputeId, { number }: Pick<Booked, 'number'>): string =>
  `lease-${machine}-${number}`

/** What is promised to a machine for one stretch: a place of a reservation of its own, which nobody else can take. */
export const bookingClaim = (
  { id, project, wish }: Pick<ComputeRecord, 'id' | 'project' | 'wish'>,
  size: Size,
  booked: Booked,
): HostClaim => ({
  ...size,
  // Whoever is to be alone there is so from the promise on: nobody else's may come and be there still.
  ...(wish.hosting?.alone ? { alone: true } : {}),
  held: {
    reservation: bookingKey(id, booked) as ReservationId,
    name: wish.name,
    project: project ?? ('' as ProjectId),
    match: 'targeted',
    slots: 1,
    from: booked.from,
    until: booked.to,
    machine: id,
  },
})

/** The same claim, of one that gives way to nobody. */
export const staying = ({ yields: _yields, ...claim }: HostClaim): HostClaim => claim

/** As scripts keep it. */
export const parseClaim = (text: string): HostClaim => JSON.parse(text)

export const formatClaim = (claim: HostClaim): string => JSON.stringify(claim)

/**
 * A machine's claim once it has another size: it gives way as before, and it stays in its reservation only while it is of the same
 * cores and memory as that one's places. One that gave its place away claims none of it anew.
 */
export function resizedClaim(former: string | undefined, size: Size): HostClaim {
  if (former === undefined) return size
  const { covers, yields, group, project, alone, home, leaving, type, cores, memoryMiB } = parseClaim(former)
  const stays = covers !== undefined && type === size.type && cores === size.cores && memoryMiB === size.memoryMiB
  const claim = {
    ...size,
    ...(yields === undefined ? {} : { yields }),
    ...(stays ? { covers } : {}),
    ...(group ? { group } : {}),
    ...(project ? { project } : {}),
    ...(alone ? { alone } : {}),
    ...(home ? { home } : {}),
    ...(leaving ? { leaving } : {}),
  }
  return cores === 0 ? parkedClaim(claim) : claim
}

export const isHeldAt = ({ from, until }: Held, at: number): boolean => from <= at && (until === null || at < until)

/** Places of a reservation that no machine is in. */
export const freeSlots = (held: Held, claims: readonly HostClaim[]): number =>
  Math.max(0, held.slots - claims.filter(({ covers }) => covers === held.reservation).length)

/** `n` times as much. */
export const times = ({ cpuHundredths, memoryMiB, diskGiB }: HostCapacity, n: number): HostCapacity => ({
  cpuHundredths: cpuHundredths * n,
  memoryMiB: memoryMiB * n,
  diskGiB: diskGiB * n,
})

/** What is taken at the moment; without a moment all reservations count as begun. */
export const takenNow = (claims: readonly HostClaim[], now?: number): readonly HostCapacity[] =>
  claims.flatMap((claim) => {
    const { held } = claim
    if (held === undefined) return [claim]
    return now === undefined || isHeldAt(held, now) ? [times(claim, freeSlots(held, claims))] : []
  })

/** When a machine begins to give way: no sooner than the end of the reservation that it is in. */
export function yieldsAt({ yields, covers }: HostClaim, claims: readonly HostClaim[]): number {
  if (yields === undefined) return Number.POSITIVE_INFINITY
  const its = covers && claims.find(({ held }) => held?.reservation === covers)?.held
  return its ? Math.max(yields, its.until ?? Number.POSITIVE_INFINITY) : yields
}

/** What is promised at that time: reservations, and machines that need not give way by then. */
export const promisedAt = (claims: readonly HostClaim[], at: number): readonly HostCapacity[] =>
  claims.flatMap((claim) => {
    const { held } = claim
    if (held !== undefined) return isHeldAt(held, at) ? [times(claim, freeSlots(held, claims))] : []
    return [yieldsAt(claim, claims) > at ? claim : { cpuHundredths: 0, memoryMiB: 0, diskGiB: claim.diskGiB }]
  })

export function less(from: HostCapacity, parts: readonly HostCapacity[]): HostCapacity {
  let { cpuHundredths, memoryMiB, diskGiB } = from
  for (const part of parts) {
    cpuHundredths -= part.cpuHundredths
    memoryMiB -= part.memoryMiB
    diskGiB -= part.diskGiB
  }
  return { cpuHundredths, memoryMiB, diskGiB }
}

/** When reservations begin after `now`, first to last: what is promised grows at these times only. */
export const beginnings = (claims: readonly HostClaim[], now: number): readonly number[] =>
  [...new Set(claims.flatMap(({ held }) => (held !== undefined && held.from > now ? [held.from] : [])))].sort(
    (a, b) => a - b,
  )

/** What is left beside the promises when each coming reservation begins. */
export interface Ahead {
  readonly at: number
  /** Until then, ms. */
  readonly inMs: number
  readonly free: HostCapacity
  /** Cores and memory of machines here that give way at any time, and how long it takes to save them; absent: there are none. */
  readonly giving?: { readonly size: HostCapacity; readonly savingMs: number }
}

export const aheadOf = (usable: HostCapacity, claims: readonly HostClaim[], now: number): readonly Ahead[] =>
  beginnings(claims, now).map((at) => ({
    ...{ at, inMs: at - now, free: less(usable, promisedAt(claims, at)) },
    ...givingAt(claims, now),
  }))

function givingAt(claims: readonly HostClaim[], now: number): Pick<Ahead, 'giving'> {
  const giving = claims.filter((claim) => claim.cores > 0 && yieldsAt(claim, claims) <= now && claim.held === undefined)
  return giving.reduce<Pick<Ahead, 'giving'>>((sum, claim) => withGiving(sum, claim, 1), {})
}

/** With one more machine that gives way, or with -1 one less. */
export function withGiving(
  { giving }: Pick<Ahead, 'giving'>,
  { cpuHundredths, memoryMiB }: HostCapacity,
  by: 1 | -1,
): Pick<Ahead, 'giving'> {
  const size = {
    cpuHundredths: (giving?.size.cpuHundredths ?? 0) + by * cpuHundredths,
    memoryMiB: (giving?.size.memoryMiB ?? 0) + by * memoryMiB,
    diskGiB: 0,
  }
  const saving = (giving?.savingMs ?? 0) + by * savingMs([memoryMiB])
  return size.cpuHundredths <= 0 ? {} : { giving: { size, savingMs: saving } }
}

/** Whether more is promised, now or later, than there is. */
export const isOverbooked = (usable: HostCapacity, claims: readonly HostClaim[], now: number): boolean =>
  [now, ...beginnings(claims, now)].some((at) => {
    const { cpuHundredths, memoryMiB, diskGiB } = less(usable, promisedAt(claims, at))
    return cpuHundredths < 0 || memoryMiB < 0 || diskGiB < 0
  })

/** Places that a machine may take now, of all reservations that have begun. */
export interface Slot extends Held {
  readonly size: Size
  readonly free: number
}

export const slotsIn = (claims: readonly HostClaim[], now: number): readonly Slot[] =>
  claims.flatMap(({ held, ...size }) => {
    if (held === undefined || !isHeldAt(held, now)) return []
    const free = freeSlots(held, claims)
    return free > 0 ? [{ ...held, size, free }] : []
  })
