import { action } from '../action'
import { filterBy } from '../filters/filter'
import { securityGroupRuleFilters, showRuleShown } from '../filters/security-group-filters'
import { rulesAsked } from '../groups/asked'
import { page, refusePagingOfNamed } from '../paging'

/** DescribeSecurityGroupRules: every rule of the caller's groups by itself. */
export const describeSecurityGroupRules = action(
  'DescribeSecurityGroupRules',
  { SecurityGroupRuleIds: 'honoured', Filters: 'honoured', MaxResults: 'honoured', NextToken: 'honoured' },
  async (input, context) => {
    const { SecurityGroupRuleIds: ids } = input
    refusePagingOfNamed(ids, input.MaxResults, 'SecurityGroupRuleId')
    const { things, next } = page(
      await rulesAsked(ids, context),
      filterBy(input.Filters, securityGroupRuleFilters, context),
      input,
      {
        action: 'DescribeSecurityGroupRules',
        min: 5,
        max: 1000,
        idOf: ({ rule }) => rule.rule,
        madeAt: ({ record }) => record.wish.createdAt,
      },
      context,
    )
    return { SecurityGroupRules: things.map((shown) => showRuleShown(shown, context)), NextToken: next }
  },
)
