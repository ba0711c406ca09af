import { action } from '../action'
import { filterBy } from '../filters/filter'
import { page, refusePagingOfNamed } from '../paging'
import { instancesAsked } from '../resources/instances'

/** DescribeInstanceCreditSpecifications: burstable types here are never throttled and never billed for bursts: `standard`. */
export const describeInstanceCreditSpecifications = action(
  'DescribeInstanceCreditSpecifications',
  { InstanceIds: 'honoured', Filters: 'honoured', MaxResults: 'honoured', NextToken: 'honoured' },
  async (input, context) => {
    refusePagingOfNamed(input.InstanceIds, input.MaxResults, 'InstanceId')
    const named = (input.InstanceIds?.length ?? 0) > 0
    const table = { says: { 'instance-id': ({ InstanceId }: { InstanceId: string }) => InstanceId } }
    const specifications = (await instancesAsked(input.InstanceIds, context))
      .filter(({ wish }) => wish.exists && /^t\d/.test(wish.size.type))
      .map(({ wish }) => ({ InstanceId: wish.name, CpuCredits: 'standard' }))
    // Without ids EC2 lists only machines whose credits are `unlimited`.
    const { things, next } = page(
      named ? specifications : [],
      filterBy(input.Filters, table, context),
      input,
      {
        action: 'DescribeInstanceCreditSpecifications',
        min: 5,
        max: 1000,
        idOf: ({ InstanceId }) => InstanceId,
        madeAt: () => 0,
      },
      context,
    )
    return { InstanceCreditSpecifications: [...things], NextToken: next }
  },
)
