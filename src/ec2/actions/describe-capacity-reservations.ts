import { action } from '../action'
import { capacityReservationFilters } from '../filters/capacity-reservation-filters'
import { filterBy } from '../filters/filter'
import { page, refusePagingOfNamed } from '../paging'
import { capacityReservationsAsked } from '../resources/capacity-reservations'
import { showCapacityReservation } from '../show/capacity-reservation'

/** DescribeCapacityReservations: the caller's; those that are over for an hour. */
export const describeCapacityReservations = action(
  'DescribeCapacityReservations',
  { CapacityReservationIds: 'honoured', Filters: 'honoured', MaxResults: 'honoured', NextToken: 'honoured' },
  async (input, context) => {
    refusePagingOfNamed(input.CapacityReservationIds, input.MaxResults, 'CapacityReservationId')
    const matches = filterBy(input.Filters, capacityReservationFilters, context)
    const { things, next } = page(
      await capacityReservationsAsked(input.CapacityReservationIds, context),
      matches,
      input,
      {
        action: 'DescribeCapacityReservations',
        min: 1,
        max: 1000,
        idOf: ({ record }) => record.wish.name,
        madeAt: ({ record }) => record.wish.createdAt,
      },
      context,
    )
    return { CapacityReservations: things.map((view) => showCapacityReservation(view, context)), NextToken: next }
  },
)
