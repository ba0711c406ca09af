import { action } from '../action'
import { page } from '../paging'
import { addressesAsked } from '../resources/addresses'
import { showAddressAttribute } from '../show/address'

/** DescribeAddressesAttribute: the names of addresses in the DNS: none has one. */
export const describeAddressesAttribute = action(
  'DescribeAddressesAttribute',
  {
    AllocationIds: 'honoured',
    Attribute: { accepts: (attribute) => attribute === 'domain-name', only: 'domain-name' },
    MaxResults: 'honoured',
    NextToken: 'honoured',
  },
  async (input, context) => {
    const { things, next } = page(
      await addressesAsked({ ids: input.AllocationIds }, context),
      () => true,
      input,
      {
        action: 'DescribeAddressesAttribute',
        min: 1,
        max: 1000,
        idOf: ({ record }) => record.wish.name,
        madeAt: ({ record }) => record.wish.createdAt,
      },
      context,
    )
    return { Addresses: things.map(showAddressAttribute), NextToken: next }
  },
)
