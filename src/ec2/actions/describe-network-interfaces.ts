import { action } from '../action'
import { filterBy } from '../filters/filter'
import { interfaceFilters } from '../filters/interface-filters'
import { page, refusePagingOfNamed } from '../paging'
import { interfacesAsked } from '../resources/interfaces'
import { showNetworkInterface } from '../show/interface'

/** DescribeNetworkInterfaces: those of the caller's instances; each goes with its instance. */
export const describeNetworkInterfaces = action(
  'DescribeNetworkInterfaces',
  {
    NetworkInterfaceIds: 'honoured',
    Filters: 'honoured',
    MaxResults: 'honoured',
    NextToken: 'honoured',
    IncludeManagedResources: 'ignored',
  },
  async (input, context) => {
    refusePagingOfNamed(input.NetworkInterfaceIds, input.MaxResults, 'NetworkInterfaceId')
    const matches = filterBy(input.Filters, interfaceFilters, context)
    const found = await interfacesAsked(input.NetworkInterfaceIds, context)
    const { things, next } = page(
      found.map((it) => ({ shown: showNetworkInterface(it, context), madeAt: it.compute.wish.createdAt })),
      ({ shown }) => matches(shown),
      input,
      {
        action: 'DescribeNetworkInterfaces',
        min: 5,
        max: 1000,
        idOf: ({ shown }) => shown.NetworkInterfaceId ?? '',
        madeAt: ({ madeAt }) => madeAt,
      },
      context,
    )
    return { NetworkInterfaces: things.map(({ shown }) => shown), NextToken: next }
  },
)
