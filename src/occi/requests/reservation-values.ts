/** Reserved capacity as a client described it. */
import { fault } from '../../faults'
import { checkTimeZone, momentOf } from '../../model/local-time'
import type { ReserveOrder } from '../../operations/reservations/operations'
import { RESERVATION_ATTRIBUTES } from '../entities/reservation'
import type { Catalogue } from '../model/catalogue'
import { textIn, type Values } from './entity-values'

/** Of the site, for what is not said. */
export interface UsualPlaces {
  readonly type: string | undefined
  readonly zones: readonly string[]
}

const UTC = 'UTC'

/** ms since 1970. Faults: 'invalid', naming `startsAt` or `endsAt`: no time, one that the clocks of its zone leave out, or show twice. */
export function timeIn(values: Values, which: 'start' | 'end', timeZone: string | undefined): number | undefined {
  const text = textIn(values, RESERVATION_ATTRIBUTES[which])
  return text === undefined ? undefined : momentOf(text, timeZone ?? UTC, `${which}sAt`)
}

/** The type by its name or by the term of its template. */
function typeIn(values: Values, catalogue: Catalogue): string | undefined {
  const said = textIn(values, RESERVATION_ATTRIBUTES.type)
  const template = catalogue.mixins.find(({ gives, term }) => gives?.what === 'type' && term === said)
  return template?.gives?.what === 'type' ? template.gives.name : said
}

export const countIn = (values: Values): number | undefined => {
  const count = values.get(RESERVATION_ATTRIBUTES.count)
  return typeof count === 'number' ? count : undefined
}

export const matchIn = (values: Values): ReserveOrder['match'] =>
  (['open', 'targeted'] as const).find((one) => one === values.get(RESERVATION_ATTRIBUTES.match))

/** Faults: 'missing' naming the attribute, those of times. */
export function reserveOrder(values: Values, catalogue: Catalogue, usual: UsualPlaces): ReserveOrder {
  const type = typeIn(values, catalogue) ?? usual.type
  if (type === undefined) throw missing(RESERVATION_ATTRIBUTES.type, 'of which instance type its places are')
  const [only, ...others] = usual.zones
  const zone = textIn(values, RESERVATION_ATTRIBUTES.zone) ?? (others.length === 0 ? only : undefined)
  if (zone === undefined) throw missing(RESERVATION_ATTRIBUTES.zone, 'in which zone it is', usual.zones)
  const timeZone = textIn(values, RESERVATION_ATTRIBUTES.timeZone)
  const title = textIn(values, 'occi.core.title')
  const match = matchIn(values)
  if (timeZone !== undefined) checkTimeZone(timeZone)
  const [startsAt, endsAt] = [timeIn(values, 'start', timeZone), timeIn(values, 'end', timeZone)]
  return {
    type,
    zone,
    count: countIn(values) ?? 1,
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(endsAt === undefined ? {} : { endsAt }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(title === undefined ? {} : { title }),
    ...(match === undefined ? {} : { match }),
  }
}

const missing = (field: string, what: string, allowed: readonly string[] = []) =>
  fault('missing', `a reservation says ${what}: ${field}`, { field, ...(allowed.length > 0 ? { allowed } : {}) })
