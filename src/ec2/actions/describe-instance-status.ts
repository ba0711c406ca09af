import { ec2State } from '../../model/lifecycle'
import { action } from '../action'
import { filterBy } from '../filters/filter'
import { instanceStatusFilters } from '../filters/instance-status-filters'
import { page, refusePagingOfNamed } from '../paging'
import { instancesAsked } from '../resources/instances'
import { showInstanceStatus } from '../show/instance-status'

/** DescribeInstanceStatus: status checks of running machines, or of all with IncludeAllInstances. */
export const describeInstanceStatus = action(
  'DescribeInstanceStatus',
  {
    InstanceIds: 'honoured',
    Filters: 'honoured',
    IncludeAllInstances: 'honoured',
    MaxResults: 'honoured',
    NextToken: 'honoured',
    IncludeManagedResources: 'ignored',
  },
  async (input, context) => {
    refusePagingOfNamed(input.InstanceIds, input.MaxResults, 'InstanceId')
    const matches = filterBy(input.Filters, instanceStatusFilters, context)
    const all = await instancesAsked(input.InstanceIds, context)
    const { things, next } = page(
      all,
      (record) =>
        (input.IncludeAllInstances === true || ec2State(record).name === 'running') &&
        matches(showInstanceStatus(record)),
      input,
      {
        action: 'DescribeInstanceStatus',
        min: 5,
        max: 1000,
        idOf: (record) => record.id,
        madeAt: (record) => record.wish.createdAt,
      },
      context,
    )
    return { InstanceStatuses: things.map(showInstanceStatus), NextToken: next }
  },
)
