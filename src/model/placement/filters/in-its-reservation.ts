import type { Filter } from './filter'

/** A machine that is to be in a reservation or nowhere takes no place outside; those inside are chosen before the filters are asked. */
export const inItsReservation: Filter = {
  name: 'in-its-reservation',
  reason: 'no free place of its reservation',
  reads: ['capacity'],
  admits: ({ capacity }) =>
    capacity === undefined || (capacity.use !== 'only' && capacity.reservation === undefined)
      ? true
      : 'has no free place of its reservation',
}
