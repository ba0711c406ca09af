import { action } from '../action'
import { addressFilters } from '../filters/address-filters'
import { matching } from '../filters/filter'
import { addressesAsked } from '../resources/addresses'
import { showAddress } from '../show/address'

/** DescribeAddresses: the caller's public addresses. */
export const describeAddresses = action(
  'DescribeAddresses',
  { AllocationIds: 'honoured', Filters: 'honoured', PublicIps: 'honoured' },
  async (input, context) => {
    const addresses = await addressesAsked({ ids: input.AllocationIds, ips: input.PublicIps }, context)
    const found = matching(addresses, input.Filters, addressFilters, context)
    return { Addresses: found.map((view) => showAddress(view, context)) }
  },
)
