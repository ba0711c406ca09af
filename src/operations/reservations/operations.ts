/** What a caller may do with reservations of capacity (EC2 Capacity Reservations). Part of `Operations`. */
import type { ReservationId } from '../../model/ids'
import type { CalendarRow } from '../../model/placement'
import type { ReservationRecord } from '../../model/records'
import type { ReservationState } from '../../model/reservations'
import type { Caller, Operator } from '../context'
import type { OrderToken } from '../order-token'

export interface ReserveOrder {
  /** Name of an instance type. */
  readonly type: string
  /** Places; 1..1000. */
  readonly count: number
  readonly zone: string
  /** ms since 1970; left out: now. */
  readonly startsAt?: number
  /** ms since 1970; left out: until it is cancelled. */
  readonly endsAt?: number
  readonly match?: 'open' | 'targeted'
  /** IANA name of the zone in which its times were given, to be told with them. */
  readonly timeZone?: string
  readonly title?: string
  readonly tags?: Readonly<Record<string, string>>
  /** The id to take (OCCI PUT to a fresh path). */
  readonly id?: ReservationId
  readonly token?: OrderToken
  readonly dryRun?: boolean
}

export interface ReservationChange {
  readonly reservation: ReservationId
  readonly count?: number
  /** null: until it is cancelled. */
  readonly endsAt?: number | null
  readonly match?: 'open' | 'targeted'
  readonly title?: string | null
  readonly dryRun?: boolean
}

/** A reservation as it stands. */
export interface ReservationView {
  readonly record: ReservationRecord
  readonly state: ReservationState
  /** Places that have a machine. */
  readonly used: number
}

/** With where its places are, for operators. */
export interface PlacedReservation extends ReservationView {
  readonly hosts: readonly { readonly host: string; readonly slots: number; readonly used: number }[]
}

export interface CalendarAsk {
  /** From now on. */
  readonly hours: number
  /** Left out: all. */
  readonly zone?: string
}

/** A machine that waits for the time of its lease, or for its turn. */
export interface Awaited {
  readonly name: string
  readonly says: string
  /** When it begins at the earliest, ms; null: nobody can tell. */
  readonly at: number | null
  /** How many have their turn before it. */
  readonly ahead: number
}

export interface CalendarView {
  /** ms */
  readonly from: number
  readonly to: number
  readonly rows: readonly CalendarRow[]
  readonly waiting: readonly Awaited[]
}

export interface ReservationOperations {
  /** Accepted only with all its places. 'no-capacity' says what would make it fit; 'invalid', 'quota', 'idempotency'. */
  createReservation(caller: Caller, order: ReserveOrder): Promise<ReservationView>
  /** 'state' for one that is over, 'no-capacity', 'invalid' (fewer places than machines are in). */
  changeReservation(caller: Caller, change: ReservationChange): Promise<ReservationView>
  /** Machines in its places stay. One that is cancelled already is success; 'state' for one that has expired. */
  cancelReservation(
    caller: Caller,
    order: { readonly reservation: ReservationId; readonly dryRun?: boolean },
  ): Promise<ReservationView>
  /** In order of creation; those that are over for an hour. */
  listReservations(caller: Caller): Promise<readonly ReservationView[]>
  /** 'not-found' when it is not there or another project's. */
  getReservation(caller: Caller, id: ReservationId): Promise<ReservationView>
  /** By id, without a round trip: for renderings. */
  reservation(id: ReservationId): ReservationRecord | undefined
  /** All projects' (operators). */
  listAllReservations(operator: Operator): Promise<readonly PlacedReservation[]>
  reserveFor(operator: Operator, project: string, order: ReserveOrder): Promise<ReservationView>
  changeReservationFor(
    operator: Operator,
    name: string,
    change: Omit<ReservationChange, 'reservation'>,
  ): Promise<ReservationView>
  cancelReservationFor(operator: Operator, name: string): Promise<ReservationView>
  /** Reservations and leases on all hosts from now on. 'invalid' for hours that are none, and for no zone. */
  calendar(operator: Operator, asked: CalendarAsk): Promise<CalendarView>
}
