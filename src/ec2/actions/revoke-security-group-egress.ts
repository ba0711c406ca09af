import { action } from '../action'
import { revoke } from '../groups/change'

/** RevokeSecurityGroupEgress: rules less, by id or by what they say, all or none. */
export const revokeSecurityGroupEgress = action(
  'RevokeSecurityGroupEgress',
  {
    GroupId: 'honoured',

    SecurityGroupRuleIds: 'honoured',
    IpPermissions: 'honoured',
    IpProtocol: 'honoured',
    FromPort: 'honoured',
    ToPort: 'honoured',
    CidrIp: 'honoured',
    SourceSecurityGroupName: 'honoured',
    SourceSecurityGroupOwnerId: 'honoured',
  },
  (input, context) => revoke('out', input, context),
)
