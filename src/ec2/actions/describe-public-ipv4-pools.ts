import type { PublicIpv4Pool } from '@aws-sdk/client-ec2'
import { action } from '../action'
import { type FilterTable, filterBy } from '../filters/filter'
import { page } from '../paging'
import { poolsAsked } from '../resources/address-pools'
import { showPool } from '../show/address'

/** EC2 has none but tags. */
const poolFilters: FilterTable<PublicIpv4Pool> = { says: {}, tags: () => ({}) }

/** DescribePublicIpv4Pools: the site's pools of public addresses, and how many are left. */
export const describePublicIpv4Pools = action(
  'DescribePublicIpv4Pools',
  { PoolIds: 'honoured', Filters: 'honoured', MaxResults: 'honoured', NextToken: 'honoured' },
  async (input, context) => {
    const pools = (await poolsAsked(input.PoolIds, context)).map((pool) => showPool(pool, context))
    const { things, next } = page(
      pools,
      filterBy(input.Filters, poolFilters, context),
      input,
      { action: 'DescribePublicIpv4Pools', min: 1, max: 10, idOf: ({ PoolId }) => PoolId ?? '', madeAt: () => 0 },
      context,
    )
    return { PublicIpv4Pools: [...things], NextToken: next }
  },
)
