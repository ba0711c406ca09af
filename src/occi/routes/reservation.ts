/** What can be done with `/reservation/` and `/reservation/<id>`: capacity that is held, the same as EC2's Capacity Reservations. */
import { fault } from '../../faults'
import { isUuid, type ReservationId } from '../../model/ids'
import type { ReservationChange, ReservationView } from '../../operations/reservations/operations'
import type { Part } from '../../operations/together/operations'
import { allAttributes } from '../entities/entity'
import type { Member } from '../entities/member'
import {
  isStanding,
  RESERVATION_ATTRIBUTES,
  reservationEntity,
  reservationMember,
  reservationPath,
} from '../entities/reservation'
import type { Answer, Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { RESERVATION } from '../model/names'
import { describedAs } from '../requests/described'
import { describesOne } from '../requests/describes-one'
import type { Values } from '../requests/entity-values'
import { inOcciFields } from '../requests/in-occi-fields'
import { countIn, matchIn, reserveOrder, timeIn } from '../requests/reservation-values'
import { sameValue } from '../requests/values'
import { atPath } from './at-path'
import { createEach } from './create-each'
import { nothingAt } from './nothing'

const TITLE = 'occi.core.title'
const FIELDS: Readonly<Record<string, string>> = {
  ...RESERVATION_ATTRIBUTES,
  startsAt: RESERVATION_ATTRIBUTES.start,
  endsAt: RESERVATION_ATTRIBUTES.end,
  'time-zone': RESERVATION_ATTRIBUTES.timeZone,
  title: TITLE,
}

/** The caller's that are neither deleted nor over, in order of creation. */
export const liveReservations = async (
  { operations }: Front,
  { caller }: Pick<Exchange, 'caller'>,
): Promise<readonly ReservationView[]> => (await operations.listReservations(caller)).filter(isStanding)

/** Throws 'not-found', also for what another project has. */
async function liveReservation(
  { operations }: Front,
  { caller, path }: Pick<Exchange, 'caller' | 'path'>,
  id: string,
): Promise<ReservationView> {
  if (!isUuid(id)) throw nothingAt(path)
  const view = await operations.getReservation(caller, id as ReservationId)
  if (!isStanding(view)) throw nothingAt(path)
  return view
}

/** 201 with Location; accepted with all of its places, or not at all (409, saying what would fit). */
export async function createReservation(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  id?: string,
): Promise<Answer> {
  const { operations } = front
  const zones = (await operations.listZones(exchange.caller)).map(({ name }) => name)
  const usual = { type: operations.defaults().type?.wish.name, zones }
  return createEach<'reserve'>(front, exchange, {
    folder: reservationPath(''),
    at: id === undefined ? 'collection' : 'path',
    fields: FIELDS,
    order(document) {
      const values = describedAs(front, document, catalogue, { kind: RESERVATION, how: 'whole' })
      refuseSummary(values)
      const named = id === undefined ? {} : { id: id as ReservationId }
      return { do: 'reserve', order: { ...reserveOrder(values, catalogue, usual), ...named } }
    },
    member: reservationMember,
  })
}

function refuseSummary(values: Values): void {
  const name = 'occi.core.summary'
  if (values.get(name))
    throw fault('conflict', `${name} of a reservation is not kept: say it in ${TITLE}`, { field: name })
}

const FIXED = [
  RESERVATION_ATTRIBUTES.type,
  RESERVATION_ATTRIBUTES.zone,
  RESERVATION_ATTRIBUTES.start,
  RESERVATION_ATTRIBUTES.timeZone,
]

/** Its places, its end, whom it takes, its title: what is not named stays, an empty end is none. */
async function update(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  view: ReservationView,
  how: 'whole' | 'partial',
): Promise<ReservationView> {
  const present = reservationEntity(view)
  const values = describedAs(front, describesOne(exchange.document()), catalogue, { kind: RESERVATION, present, how })
  refuseSummary(values)
  const shown = new Map(allAttributes(present).map(({ name, value }) => [name, value]))
  const changes = new Map([...values].filter(([name, value]) => !sameValue(shown.get(name) ?? '', value)))
  const fixed = FIXED.find((name) => changes.has(name))
  if (fixed !== undefined)
    throw fault('conflict', `${fixed} of a reservation is not changed: delete it and make another one`, {
      field: fixed,
    })
  if (changes.size === 0) return view
  return inOcciFields(FIELDS, async () => front.operations.changeReservation(exchange.caller, changeOf(view, changes)))
}

function changeOf({ record: { id, wish } }: ReservationView, changes: Values): ReservationChange {
  const end = changes.get(RESERVATION_ATTRIBUTES.end) === '' ? null : timeIn(changes, 'end', wish.timeZone)
  const [count, match, title] = [countIn(changes), matchIn(changes), changes.get(TITLE)]
  return {
    reservation: id,
    ...(count === undefined ? {} : { count }),
    ...(end === undefined ? {} : { endsAt: end }),
    ...(match === undefined ? {} : { match }),
    ...(typeof title === 'string' ? { title: title || null } : {}),
  }
}

/** What gives them back; machines in their places stay where they are. */
export const reservationsGoing = (members: readonly Member[]): readonly Part<'cancelReservation'>[] =>
  members.map(({ path }) => {
    const id = path.slice(reservationPath('').length) as ReservationId
    return { do: 'cancelReservation', order: { reservation: id } }
  })

export const atReservation = atPath<ReservationView>({
  what: 'a reservation',
  live: liveReservation,
  member: (_front, view) => reservationMember(view),
  create: createReservation,
  update,
  going: (_front, view) => reservationsGoing([reservationMember(view)]),
})
