import { action } from '../action'
import { describe } from '../groups/change'

/** UpdateSecurityGroupRuleDescriptionsIngress: what is said of rules, nothing of what they do. */
export const updateSecurityGroupRuleDescriptionsIngress = action(
  'UpdateSecurityGroupRuleDescriptionsIngress',
  {
    GroupId: 'honoured',
    GroupName: 'honoured',
    IpPermissions: 'honoured',
    SecurityGroupRuleDescriptions: 'honoured',
  },
  (input, context) => describe('in', input, context),
)
