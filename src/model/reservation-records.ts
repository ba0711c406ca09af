/**
 * Reservations of capacity (EC2 Capacity Reservation, Haizea's advance reservation): so many places for machines of one size, in one
 * zone, from a time until another one or without an end.
 *
 * Who writes what: operations write `wish`, together with what the reservation holds on each host: a claim beside those of machines
 * (placement/claims.ts), in one script and against the revisions of those hosts' claims. So an accepted reservation has its places, and
 * whoever reads a host's claims sees them. The reservation's own job ends it in time, and finds other hosts for places on hosts that
 * are gone (workers/reconcile/reservation.ts); it writes `seen`. Which machine is in one of its places stands in the claim of that machine.
 */
import type { Envelope } from './envelope'
import type { ReservationId } from './ids'
import type { Size } from './machine'

export interface ReservationWish {
  /** `cr-…` */
  readonly name: string
  /** Of one place; its `type` names the instance type. */
  readonly size: Size
  /** Places. */
  readonly count: number
  readonly zone: string
  /** ms since 1970. */
  readonly startsAt: number
  /** ms since 1970; null: until it is cancelled. */
  readonly endsAt: number | null
  /** open: whatever machine of its project matches it takes a place; targeted: those that name it. */
  readonly match: 'open' | 'targeted'
  /** IANA name of the zone in which its times were given; absent: UTC. */
  readonly timeZone?: string
  readonly title: string | null
  readonly tags: Readonly<Record<string, string>>
  readonly cancelledAt: number | null
  readonly createdAt: number
  readonly createdBy: string
}

export interface ReservationSeen {
  /** Places that hosts hold now. */
  readonly held: number
  /** Its time is over, or it was cancelled: nothing is held any more, ms. */
  readonly goneAt: number | null
  /** Places that its project's limits count no more since then; of one that lives on all the same they are counted again. */
  readonly gaveBack?: number
  /** Placement was told that it began. */
  readonly begun?: true
  /** It has begun, and machines that give way to it have not gone yet. */
  readonly clearing?: boolean
  /** What stands in its way now, for its owner; null: nothing. */
  readonly message: string | null
}

export type ReservationRecord = Envelope<'reservation', ReservationId, ReservationWish, ReservationSeen, null, null>

/** What a machine's owner said of reservations (EC2 CapacityReservationSpecification). */
export interface CapacityWish {
  /** only: in a reservation or nowhere. */
  readonly use: 'open' | 'none' | 'only'
  /** In this one or nowhere. */
  readonly reservation?: ReservationId
}

/** How long the record of a reservation that is over is kept, ms. */
export const RESERVATION_KEPT_MS = 60 * 60_000
