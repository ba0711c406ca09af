import { action } from '../action'
import { filterBy } from '../filters/filter'
import { networkInterfaceFilters } from '../filters/network-interface-filters'
import { pick } from '../filters/pick'
import { page, refusePagingOfNamed } from '../paging'
import { checkShortNames } from '../resources/short-names'
import { networkInterfaces } from '../show/network-interface'

/** DescribeNetworkInterfaces: those of the caller's instances; there are no others. */
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
    checkShortNames('networkinterface', input.NetworkInterfaceIds, 'NetworkInterfaceId')
    const asked = pick(await networkInterfaces(context), input.NetworkInterfaceIds, {
      nameOf: (one) => one.NetworkInterfaceId,
      field: 'NetworkInterfaceId',
      subject: 'networkinterface',
      says: (ids) => `The networkInterface ID '${ids}' does not exist`,
    })
    const { things, next } = page(
      asked,
      filterBy(input.Filters, networkInterfaceFilters, context),
      input,
      {
        action: 'DescribeNetworkInterfaces',
        min: 5,
        max: 1000,
        idOf: (one) => one.NetworkInterfaceId ?? '',
        madeAt: (one) => one.Attachment?.AttachTime?.getTime() ?? 0,
      },
      context,
    )
    return { NetworkInterfaces: [...things], NextToken: next }
  },
)
