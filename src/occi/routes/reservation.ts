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
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { RESERVATION } from '../model/names'
import { negotiate } from '../negotiation'
import { describedAs } from '../requests/described'
import { describesOne } from '../requests/describes-one'
import type { Values } from '../requests/entity-values'
import { inOcciFields } from '../requests/in-occi-fields'
import { countIn, matchIn, reserveOrder, timeIn } from '../requests/reservation-values'
import { sameValue } from '../requests/values'
import { createEach } from './create-each'
import { deleteEach } from './delete-each'
import { nothingAt } from './nothing'
import { orAbsent } from './or-absent'

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

export async function atReservation(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  id: string,
  method: string,
): Promise<Answer> {
  if (method === 'PUT') return putReservation(front, exchange, catalogue, id)
  const view = await liveReservation(front, exchange, id)
  if (method === 'GET') return show(exchange, view)
  if (method === 'DELETE') return deleteEach(front, exchange, [view], reservationsGoing([reservationMember(view)]))
  if (exchange.action !== null)
    throw fault('unknown-field', 'a reservation has no actions', { field: 'action', allowed: [] })
  return update(front, exchange, catalogue, view, 'partial')
}

const show = (exchange: Exchange, view: ReservationView): Answer =>
  answer(exchange, 'other', (rendering) => rendering.entity(reservationMember(view), exchange.audience))

/** Creates at a fresh path; changes what is there. */
async function putReservation(front: Front, exchange: Exchange, catalogue: Catalogue, id: string): Promise<Answer> {
  const view = await orAbsent(liveReservation(front, exchange, id))
  return view === undefined
    ? createReservation(front, exchange, catalogue, id)
    : update(front, exchange, catalogue, view, 'whole')
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
): Promise<Answer> {
  negotiate(exchange.accept, 'other')
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
  if (changes.size === 0) return show(exchange, view)
  const after = await inOcciFields(FIELDS, async () =>
    front.operations.changeReservation(exchange.caller, changeOf(view, changes)),
  )
  return show(exchange, after)
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
