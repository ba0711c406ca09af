import { action } from '../action'
import { filterBy } from '../filters/filter'
import { matchesAgain } from '../filters/filter-again'
import { instanceFilters } from '../filters/instance-filters'
import { page, refusePagingOfNamed } from '../paging'
import { instancesAsked } from '../resources/instances'
import { showAllReservations, showReservations } from '../show/reservations'

/** DescribeInstances: the caller's machines, terminated ones for as long as their records last (an hour). Pages count machines. */
export const describeInstances = action(
  'DescribeInstances',
  {
    InstanceIds: 'honoured',
    Filters: 'honoured',
    MaxResults: 'honoured',
    NextToken: 'honoured',
    IncludeManagedResources: 'ignored',
  },
  async (input, context) => {
    refusePagingOfNamed(input.InstanceIds, input.MaxResults, 'InstanceId')
    const filter = filterBy(input.Filters, instanceFilters, context)
    const all = await instancesAsked(input.InstanceIds, context)
    const isNamed = input.InstanceIds !== undefined && input.InstanceIds.length > 0
    const asked = { name: 'instances', filters: input.Filters }
    const { things, next } = page(
      all,
      isNamed ? filter : matchesAgain(all, filter, asked, context),
      input,
      {
        action: 'DescribeInstances',
        min: 5,
        max: 1000,
        idOf: (record) => record.id,
        madeAt: (record) => record.wish.createdAt,
      },
      context,
    )
    const show = things === all ? showAllReservations : showReservations
    return { Reservations: show(things, context), NextToken: next }
  },
)
