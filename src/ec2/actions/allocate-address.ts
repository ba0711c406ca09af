import { action } from '../action'
import { poolName, poolNamed } from '../resources/address-pools'
import { checkIp } from '../resources/addresses'
import { tagsAtCreation } from '../resources/tags'

/** AllocateAddress: of a pool of the site, or the very one that is named. */
export const allocateAddress = action(
  'AllocateAddress',
  {
    Domain: { accepts: (domain) => domain === 'vpc', only: 'vpc' },
    Address: 'honoured',
    PublicIpv4Pool: 'honoured',
    NetworkBorderGroup: 'ignored',
    CustomerOwnedIpv4Pool: 'refused',
    IpamPoolId: 'refused',
    TagSpecifications: 'honoured',
  },
  async (input, context) => {
    const { operations, caller, region } = context
    if (input.Address) checkIp(input.Address, 'Address')
    const pool = await poolNamed(input.PublicIpv4Pool, context)
    const { record, pool: its } = await operations.allocateAddress(caller, {
      tags: tagsAtCreation(input.TagSpecifications, 'elastic-ip'),
      dryRun: input.DryRun === true,
      ...(pool === undefined ? {} : { pool }),
      ...(input.Address ? { ip: input.Address } : {}),
    })
    return {
      PublicIp: record.wish.ip,
      AllocationId: record.wish.name,
      Domain: 'vpc' as const,
      NetworkBorderGroup: region,
      ...(its ? { PublicIpv4Pool: poolName(its) } : {}),
    }
  },
)
