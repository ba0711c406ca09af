import { action } from '../action'
import { filterBy } from '../filters/filter'
import { securityGroupFilters, showGroupShown } from '../filters/security-group-filters'
import { groupsAsked } from '../groups/asked'
import { knownGroups } from '../groups/show'
import { page } from '../paging'

/** DescribeSecurityGroups: the caller's groups, `default` first. */
export const describeSecurityGroups = action(
  'DescribeSecurityGroups',
  {
    GroupIds: 'honoured',
    GroupNames: 'honoured',
    Filters: 'honoured',
    MaxResults: 'honoured',
    NextToken: 'honoured',
  },
  async (input, context) => {
    const asked = await groupsAsked({ ids: input.GroupIds, names: input.GroupNames }, context)
    const known = knownGroups(await context.operations.listGroups(context.caller))
    const { things, next } = page(
      asked.map((record) => ({ record, known })),
      filterBy(input.Filters, securityGroupFilters, context),
      input,
      {
        action: 'DescribeSecurityGroups',
        min: 5,
        max: 1000,
        idOf: ({ record }) => record.id,
        madeAt: ({ record }) => record.wish.createdAt,
      },
      context,
    )
    return { SecurityGroups: things.map((shown) => showGroupShown(shown, context)), NextToken: next }
  },
)
