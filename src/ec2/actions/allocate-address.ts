import { ipOf } from '../../model/provider-addresses'
import { action } from '../action'
import { borderGroupOf, poolNamed, poolOf } from '../resources/address-pools'
import { checkIp } from '../resources/addresses'
import { tagsAtCreation } from '../resources/tags'

/** AllocateAddress: of a pool of the site, of the provider that is a zone, or the very one that is named. */
export const allocateAddress = action(
  'AllocateAddress',
  {
    Domain: { accepts: (domain) => domain === 'vpc', only: 'vpc' },
    Address: 'honoured',
    PublicIpv4Pool: 'honoured',
    NetworkBorderGroup: 'honoured',
    CustomerOwnedIpv4Pool: 'refused',
    IpamPoolId: 'refused',
    TagSpecifications: 'honoured',
  },
  async (input, context) => {
    const { operations, caller, region } = context
    if (input.Address) checkIp(input.Address, 'Address')
    const pool = await poolNamed(input, context)
    const view = await operations.allocateAddress(caller, {
      tags: tagsAtCreation(input.TagSpecifications, 'elastic-ip'),
      dryRun: input.DryRun === true,
      ...(pool === undefined ? {} : { pool }),
      ...(input.Address ? { ip: input.Address } : {}),
    })
    return {
      PublicIp: ipOf(view.record),
      AllocationId: view.record.wish.name,
      Domain: 'vpc' as const,
      NetworkBorderGroup: borderGroupOf(view, region),
      ...poolOf(view),
    }
  },
)
