import { action } from '../action'
import { defaultVpcs } from '../default-vpc'
import { filterBy } from '../filters/filter'
import { pick } from '../filters/pick'
import { vpcFilters } from '../filters/vpc-filters'
import { page, refusePagingOfNamed } from '../paging'
import { checkShortNames } from '../resources/short-names'

/** DescribeVpcs: the project's default VPC, a view over the site's network. */
export const describeVpcs = action(
  'DescribeVpcs',
  { VpcIds: 'honoured', Filters: 'honoured', MaxResults: 'honoured', NextToken: 'honoured' },
  async (input, context) => {
    refusePagingOfNamed(input.VpcIds, input.MaxResults, 'VpcId')
    checkShortNames('vpc', input.VpcIds, 'VpcId')
    const vpcs = pick(await defaultVpcs(context), input.VpcIds, {
      nameOf: (vpc) => vpc.VpcId,
      field: 'VpcId',
      subject: 'vpc',
      says: (ids) => `The vpc ID '${ids}' does not exist`,
    })
    const paging = { action: 'DescribeVpcs', min: 5, max: 1000, idOf: () => 'default', madeAt: () => 0 }
    const { things, next } = page(vpcs, filterBy(input.Filters, vpcFilters, context), input, paging, context)
    return { Vpcs: [...things], NextToken: next }
  },
)
