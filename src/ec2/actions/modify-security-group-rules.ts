import { action } from '../action'
import { groupNamed } from '../groups/asked'
import { ruleSaid } from '../groups/permissions'
import { checkShortNames } from '../resources/short-names'

/** ModifySecurityGroupRules: what rules of one group say from now on, all or none; their ids and directions stay. */
export const modifySecurityGroupRules = action(
  'ModifySecurityGroupRules',
  { GroupId: 'honoured', SecurityGroupRules: 'honoured' },
  async (input, context) => {
    const updates = input.SecurityGroupRules ?? []
    checkShortNames(
      'securitygrouprule',
      updates.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId ?? ''),
      'SecurityGroupRuleId',
    )
    const { id } = await groupNamed({ id: input.GroupId }, context)
    const rules = await Promise.all(
      updates.map(async ({ SecurityGroupRuleId, SecurityGroupRule }) => ({
        rule: SecurityGroupRuleId ?? '',
        by: await ruleSaid(SecurityGroupRule ?? {}, context),
      })),
    )
    await context.operations.changeRules(context.caller, {
      id,
      change: { how: 'replace', rules },
      dryRun: input.DryRun === true,
    })
    return { Return: true }
  },
)
