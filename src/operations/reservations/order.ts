/** An order for a reservation, checked before anything is read. */
import { fault } from '../../faults'
import { isUuid } from '../../model/ids'
import { checkTags } from '../check-tags'
import { checkTexts } from '../storage/check'
import type { ReservationChange, ReserveOrder } from './operations'

const MOST_PLACES = 1000
/** Clocks of callers differ: a start so little ago is now, ms. */
const JUST_NOW_MS = 60_000
/** ms; nobody plans longer ahead. */
const FURTHEST_MS = 10 * 366 * 86_400_000

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= MOST_PLACES

/** A path for a reservation that cannot be had: no UUID, or somebody else's, in the same words. */
export const unusableReservationId = (id: string) =>
  fault('invalid', 'a reservation of your own naming needs a UUID in lower case that is not in use', {
    field: 'id',
    subject: { kind: 'capacityreservation', id },
  })

/** Faults: 'invalid', 'too-large', each naming the field of the order. */
export function checkReserveOrder(order: ReserveOrder, now: number): void {
  checkTexts(order)
  checkCount(order.count)
  if (order.id !== undefined && !isUuid(order.id)) throw unusableReservationId(order.id)
  if (order.tags) checkTags(order.tags)
  const { startsAt = now, endsAt } = order
  if (!Number.isSafeInteger(startsAt) || startsAt < now - JUST_NOW_MS || startsAt > now + FURTHEST_MS)
    throw fault('invalid', 'it starts now or later, within ten years', { field: 'startsAt' })
  if (endsAt !== undefined) checkEnd(endsAt, Math.max(startsAt, now))
}

/** Faults: 'invalid'. */
export function checkChange({ count, title }: ReservationChange): void {
  if (count !== undefined) checkCount(count)
  if (title) checkTexts({ title })
}

function checkCount(count: number): void {
  if (!isCount(count)) throw fault('invalid', `a reservation has from 1 to ${MOST_PLACES} places`, { field: 'count' })
}

/** Faults: 'invalid' for an end that is not after `from` (ms). */
export function checkEnd(endsAt: number, from: number): void {
  if (!Number.isSafeInteger(endsAt) || endsAt <= from || endsAt > from + FURTHEST_MS)
    throw fault('invalid', 'it ends after it starts, and not before now', { field: 'endsAt' })
}
