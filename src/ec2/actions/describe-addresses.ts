import { fault } from '../../faults'
import { action } from '../action'
import { shorten } from '../codec'

/**
 * DescribeAddresses: none, because this gateway has no elastic addresses. Clients that ask for them to show an instance
 * (libcloud's list_nodes) want an answer, not a refusal; an address that is named does not exist.
 */
export const describeAddresses = action(
  'DescribeAddresses',
  { AllocationIds: 'honoured', Filters: 'ignored', PublicIps: 'honoured' },
  async ({ AllocationIds = [], PublicIps = [] }) => {
    const [id] = AllocationIds
    if (id !== undefined)
      throw fault('invalid', `The allocation ID '${shorten(id)}' does not exist`, { field: 'AllocationId' })
    const [address] = PublicIps
    if (address !== undefined) throw fault('invalid', `Address '${shorten(address)}' not found`, { field: 'PublicIp' })
    return { Addresses: [] }
  },
)
