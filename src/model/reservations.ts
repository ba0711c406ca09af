/** States of a reservation: views of its wish, of what was seen, and of the time. Never stored. */
import type { ReservationId } from './ids'
import type { ComputeRecord } from './records'
import type { ReservationRecord } from './reservation-records'

/**
 * assessing: places are being cleared for it, or its host's silence is being waited out. scheduled: its places are held for later.
 * failed: none of its places is held any more.
 */
export type ReservationState = 'assessing' | 'scheduled' | 'active' | 'expired' | 'cancelled' | 'failed'

export function reservationState(
  { wish, seen }: Pick<ReservationRecord, 'wish' | 'seen'>,
  now: number,
): ReservationState {
  if (wish.cancelledAt !== null) return 'cancelled'
  if (wish.endsAt !== null && now >= wish.endsAt) return 'expired'
  if (seen.held === 0) return 'failed'
  if (now < wish.startsAt) return 'scheduled'
  return seen.clearing === true ? 'assessing' : 'active'
}

/** Whether it is neither over nor cancelled. */
export const isLiving = ({ wish }: Pick<ReservationRecord, 'wish'>, now: number): boolean =>
  wish.cancelledAt === null && (wish.endsAt === null || now < wish.endsAt)

/** The reservation that a machine has a place of. */
export const reservationOf = ({ wish, place }: Pick<ComputeRecord, 'wish' | 'place'>) =>
  place.reservation?.type === wish.size.type ? place.reservation : undefined

/** How many of a reservation's places have a machine. */
export const usedOf = (id: ReservationId, machines: readonly Pick<ComputeRecord, 'wish' | 'place'>[]): number =>
  machines.filter((machine) => reservationOf(machine)?.id === id).length
