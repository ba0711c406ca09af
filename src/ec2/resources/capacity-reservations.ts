/** Capacity reservations of the caller, as requests name them. */
import { fault } from '../../faults'
import { isShortName } from '../../model/ids'
import type { ReservationView } from '../../operations/reservations/operations'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'

const subjectOf = (id: string) => ({ kind: 'capacityreservation', id: shorten(id) })

/** All, or those that are named, in the order of the caller's. Faults: 'malformed', 'not-found' naming the missing ones. */
export async function capacityReservationsAsked(
  ids: readonly string[] | undefined,
  { operations, caller }: Ec2Context,
): Promise<readonly ReservationView[]> {
  for (const id of ids ?? [])
    if (!isShortName('capacityreservation', id))
      throw fault('malformed', `The ID '${shorten(id)}' is not valid`, {
        field: 'CapacityReservationId',
        subject: subjectOf(id),
      })
  const all = await operations.listReservations(caller)
  if (ids === undefined || ids.length === 0) return all
  const missing = ids.find((id) => !all.some(({ record }) => record.wish.name === id))
  if (missing !== undefined)
    throw fault('not-found', `The capacity reservation '${shorten(missing)}' does not exist`, {
      field: 'CapacityReservationId',
      subject: subjectOf(missing),
    })
  return all.filter(({ record }) => ids.includes(record.wish.name))
}

/** The one that an action is about. Faults: 'missing', 'malformed', 'not-found'. */
export async function capacityReservationNamed(id: string | undefined, context: Ec2Context): Promise<ReservationView> {
  const [view] = id ? await capacityReservationsAsked([id], context) : []
  if (view) return view
  throw fault('missing', 'The request must contain the parameter CapacityReservationId', {
    field: 'CapacityReservationId',
  })
}
