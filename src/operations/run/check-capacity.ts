/** Whether an order that names a reservation, or wants to be in one, can be: what is known to be in vain is refused before anything is made. */
import { fault } from '../../faults'
import type { ReservationId } from '../../model/ids'
import type { Size } from '../../model/machine'
import type { ComputeRecord, ReservationRecord } from '../../model/records'
import { isLiving, reservationOf } from '../../model/reservations'
import type { Caller, Context } from '../context'
import type { RunOrder } from '../operations'
import { ownReservation } from '../reservations/read'

/**
 * Faults: 'not-found', 'state' for a reservation that is over, 'combination' for machines that are none of its places, 'no-capacity' (reason
 * `reservation`) where it has not so many places free.
 */
export function checkCapacity(context: Context, caller: Caller, order: RunOrder, size: Size): void {
  const { capacity, minCount } = order
  if (capacity?.reservation === undefined && capacity?.use !== 'only') return
  const reservations = candidates(context, caller, order, size)
  const machines = context.mirror.list('compute', caller.project)
  const free = reservations.reduce(
    (sum, record) => sum + Math.max(0, record.wish.count - wanting(record.id, machines)),
    0,
  )
  if (free >= minCount) return
  throw capacity.reservation === undefined
    ? fault('no-capacity', `no open reservation has ${minCount} places free for such machines`, { field: 'capacity' })
    : fault(
        'no-capacity',
        `the reservation ${reservations[0]?.wish.name} has ${free} places free, wanted are ${minCount}`,
        {
          field: 'capacity',
          reason: 'reservation',
          subject: { kind: 'capacityreservation', id: capacity.reservation },
        },
      )
}

function candidates(
  context: Context,
  caller: Caller,
  { capacity, zone }: RunOrder,
  size: Size,
): readonly ReservationRecord[] {
  const now = context.clock.now()
  const suits = ({ wish }: ReservationRecord): boolean =>
    wish.size.type === size.type && (zone === undefined || zone === wish.zone)
  if (capacity?.reservation === undefined)
    return context.mirror
      .list('reservation', caller.project)
      .filter((record) => record.wish.match === 'open' && isLiving(record, now) && suits(record))
  const record = ownReservation(context, caller, capacity.reservation)
  const subject = { kind: 'capacityreservation', id: record.id }
  if (!isLiving(record, now))
    throw fault('state', `the reservation ${record.wish.name} is over`, { field: 'capacity', subject })
  if (!suits(record))
    throw fault(
      'combination',
      `the reservation ${record.wish.name} is for ${record.wish.size.type} in ${record.wish.zone}, and for no other machines`,
      { field: 'capacity', subject },
    )
  return [record]
}

/** Machines that have a place of it, or wait for one. */
const wanting = (id: ReservationId, machines: readonly ComputeRecord[]): number =>
  machines.filter(
    (machine) =>
      reservationOf(machine)?.id === id ||
      (machine.wish.exists && machine.place.host === null && machine.wish.capacity?.reservation === id),
  ).length
