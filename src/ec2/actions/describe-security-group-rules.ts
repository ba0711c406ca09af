import { action } from '../action'
import { filterBy } from '../filters/filter'
import { pick } from '../filters/pick'
import { securityGroupRuleFilters, showRuleShown } from '../filters/security-group-filters'
import { knownGroups } from '../groups/show'
import { page, refusePagingOfNamed } from '../paging'
import { checkShortNames } from '../resources/short-names'

/** DescribeSecurityGroupRules: every rule of the caller's groups by itself. */
export const describeSecurityGroupRules = action(
  'DescribeSecurityGroupRules',
  { SecurityGroupRuleIds: 'honoured', Filters: 'honoured', MaxResults: 'honoured', NextToken: 'honoured' },
  async (input, context) => {
    const { SecurityGroupRuleIds: ids } = input
    refusePagingOfNamed(ids, input.MaxResults, 'SecurityGroupRuleId')
    checkShortNames('securitygrouprule', ids, 'SecurityGroupRuleId')
    const groups = await context.operations.listGroups(context.caller)
    const known = knownGroups(groups)
    const all = groups.flatMap((record) => record.wish.rules.map((rule) => ({ record, rule, known })))
    const asked = pick(all, ids, {
      nameOf: ({ rule }) => rule.rule,
      field: 'SecurityGroupRuleId',
      subject: 'securitygrouprule',
      says: (missing) => `The security group rule ID '${missing}' does not exist`,
    })
    const { things, next } = page(
      asked,
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
