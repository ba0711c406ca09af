/** Reserved capacity as OCCI shows it: the same record as EC2's Capacity Reservation. Its times are in UTC. */
import type { ReservationRecord } from '../../model/records'
import type { ReservationView } from '../../operations/reservations/operations'
import { RESERVATION } from '../model/names'
import type { Entity } from './entity'
import { Member } from './member'

/** Its state depends on the time and its use on machines, so there is a member for each way in which it stands. */
const members = new WeakMap<ReservationRecord, Map<string, Member>>()

/** The record's member as it stands now; kept as long as the record. */
export function reservationMember(view: ReservationView): Member {
  const known = members.get(view.record) ?? new Map<string, Member>()
  members.set(view.record, known)
  const key = `${view.state} ${view.used}`
  const member =
    known.get(key) ?? new Member(reservationPath(view.record.id), 'resources', () => reservationEntity(view))
  known.set(key, member)
  return member
}

export const reservationPath = (id: string): string => `/reservation/${id}`

/** Whether it is an entity at all: one that was deleted, or whose time is over, is 404 and in no listing. */
export const isStanding = ({ state }: ReservationView): boolean => state !== 'cancelled' && state !== 'expired'

export const RESERVATION_ATTRIBUTES = {
  type: 'org.occi-gateway.reservation.type',
  count: 'org.occi-gateway.reservation.count',
  zone: 'org.occi-gateway.reservation.zone',
  start: 'org.occi-gateway.reservation.start',
  end: 'org.occi-gateway.reservation.end',
  timeZone: 'org.occi-gateway.reservation.timezone',
  match: 'org.occi-gateway.reservation.match',
} as const

/** `2026-11-22T08:00:00Z` */
const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`

export const reservationEntity = ({ record: { id, wish, seen }, state, used }: ReservationView): Entity => ({
  kind: RESERVATION,
  id,
  path: reservationPath(id),
  title: wish.title,
  summary: null,
  mixins: [],
  attributes: [
    { name: RESERVATION_ATTRIBUTES.type, value: wish.size.type },
    { name: RESERVATION_ATTRIBUTES.count, value: wish.count },
    { name: RESERVATION_ATTRIBUTES.zone, value: wish.zone },
    { name: RESERVATION_ATTRIBUTES.start, value: utc(wish.startsAt) },
    ...(wish.endsAt === null ? [] : [{ name: RESERVATION_ATTRIBUTES.end, value: utc(wish.endsAt) }]),
    ...(wish.timeZone === undefined ? [] : [{ name: RESERVATION_ATTRIBUTES.timeZone, value: wish.timeZone }]),
    { name: RESERVATION_ATTRIBUTES.match, value: wish.match },
    { name: 'org.occi-gateway.reservation.name', value: wish.name },
    { name: 'org.occi-gateway.reservation.used', value: used },
    { name: 'org.occi-gateway.reservation.state', value: state },
    ...(seen.message === null ? [] : [{ name: 'org.occi-gateway.reservation.state.message', value: seen.message }]),
  ],
  actions: [],
  links: [],
})
