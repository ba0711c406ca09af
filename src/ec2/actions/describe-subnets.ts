import { action } from '../action'
import { allSubnets } from '../default-vpc'
import { filterBy } from '../filters/filter'
import { pick } from '../filters/pick'
import { subnetFilters } from '../filters/subnet-filters'
import { page, refusePagingOfNamed } from '../paging'
import { checkShortNames } from '../resources/short-names'

/** DescribeSubnets: the default subnet in each zone, views over the site's network, and the project's own networks. */
export const describeSubnets = action(
  'DescribeSubnets',
  { SubnetIds: 'honoured', Filters: 'honoured', MaxResults: 'honoured', NextToken: 'honoured' },
  async (input, context) => {
    refusePagingOfNamed(input.SubnetIds, input.MaxResults, 'SubnetId')
    checkShortNames('network', input.SubnetIds, 'SubnetId')
    const subnets = pick(await allSubnets(context), input.SubnetIds, {
      nameOf: (subnet) => subnet.SubnetId,
      field: 'SubnetId',
      subject: 'network',
      says: (ids) => `The subnet ID '${ids}' does not exist`,
    })
    const { things, next } = page(
      subnets,
      filterBy(input.Filters, subnetFilters, context),
      input,
      { action: 'DescribeSubnets', min: 5, max: 1000, idOf: (subnet) => subnet.SubnetId ?? '', madeAt: () => 0 },
      context,
    )
    return { Subnets: [...things], NextToken: next }
  },
)
