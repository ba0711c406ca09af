import { ipOf } from '../../model/provider-addresses'
import type { AddressView } from '../../operations/addresses/operations'
import { borderGroupOf } from '../resources/address-pools'
import type { FilterTable } from './filter'

/** Filters of DescribeAddresses. */
export const addressFilters: FilterTable<AddressView> = {
  says: {
    'allocation-id': ({ record }) => record.wish.name,
    'association-id': ({ record }) => record.wish.holder?.association,
    domain: () => 'vpc',
    'instance-id': ({ record }) => record.wish.holder?.computeName,
    'network-border-group': (view, { region }) => borderGroupOf(view, region),
    'network-interface-id': ({ record }) => record.wish.holder?.interface,
    'network-interface-owner-id': ({ record }, { caller }) => (record.wish.holder ? caller.account : undefined),
    'private-ip-address': ({ record }) => record.wish.holder?.privateAddress,
    'public-ip': ({ record }) => ipOf(record),
  },
  tags: ({ record }) => record.wish.tags,
}
