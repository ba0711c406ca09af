/** Binds the operations on reservations to their contexts: wishes to one, reads to the one that shows its last known state while Redis is away. */
import type { ProjectId } from '../../model/ids'
import { asOwner } from '../as-owner'
import type { Context } from '../context'
import { projectNamed } from '../named'
import { readCalendar } from './calendar'
import { cancelReservation } from './cancel'
import { changeReservation } from './change'
import { createReservation } from './create'
import type { ReservationOperations } from './operations'
import { findReservation, getReservation, listAllReservations, listReservations } from './read'

export const openReservations = (context: Context, reading: Context): ReservationOperations => ({
  createReservation: (caller, order) => createReservation(context, caller, order),
  changeReservation: (caller, change) => changeReservation(context, caller, change),
  cancelReservation: (caller, order) => cancelReservation(context, caller, order),
  listReservations: (caller) => listReservations(reading, caller),
  getReservation: (caller, id) => getReservation(reading, caller, id),
  reservation: (id) => reading.mirror.get('reservation', id),
  listAllReservations: () => listAllReservations(reading),
  calendar: (_operator, asked) => readCalendar(reading, asked),
  reserveFor: async (operator, project, order) => {
    await context.mirror.fresh()
    return createReservation(context, asOwner(operator, projectNamed(context, project).id), order)
  },
  changeReservationFor: async (operator, name, change) => {
    const { id, project } = await findReservation(context, name)
    return changeReservation(context, asOwner(operator, project as ProjectId), { ...change, reservation: id })
  },
  cancelReservationFor: async (operator, name) => {
    const { id, project } = await findReservation(context, name)
    return cancelReservation(context, asOwner(operator, project as ProjectId), { reservation: id })
  },
})
