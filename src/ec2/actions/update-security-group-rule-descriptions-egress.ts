import { action } from '../action'
import { describe } from '../groups/change'

/** UpdateSecurityGroupRuleDescriptionsEgress: what is said of rules, nothing of what they do. */
export const updateSecurityGroupRuleDescriptionsEgress = action(
  'UpdateSecurityGroupRuleDescriptionsEgress',
  {
    GroupId: 'honoured',
    GroupName: 'honoured',
    IpPermissions: 'honoured',
    SecurityGroupRuleDescriptions: 'honoured',
  },
  (input, context) => describe('out', input, context),
)
