import { action } from '../action'
import { revoke } from '../groups/change'

/** RevokeSecurityGroupIngress: rules less, by id or by what they say, all or none. */
export const revokeSecurityGroupIngress = action(
  'RevokeSecurityGroupIngress',
  {
    GroupId: 'honoured',
    GroupName: 'honoured',
    SecurityGroupRuleIds: 'honoured',
    IpPermissions: 'honoured',
    IpProtocol: 'honoured',
    FromPort: 'honoured',
    ToPort: 'honoured',
    CidrIp: 'honoured',
    SourceSecurityGroupName: 'honoured',
    SourceSecurityGroupOwnerId: 'honoured',
  },
  (input, context) => revoke('in', input, context),
)
