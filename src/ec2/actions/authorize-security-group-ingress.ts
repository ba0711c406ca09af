import { action } from '../action'
import { authorize } from '../groups/change'

/** AuthorizeSecurityGroupIngress: rules more, all or none; the machines of the group have them at once. */
export const authorizeSecurityGroupIngress = action(
  'AuthorizeSecurityGroupIngress',
  {
    GroupId: 'honoured',
    GroupName: 'honoured',
    IpPermissions: 'honoured',
    TagSpecifications: 'honoured',
    IpProtocol: 'honoured',
    FromPort: 'honoured',
    ToPort: 'honoured',
    CidrIp: 'honoured',
    SourceSecurityGroupName: 'honoured',
    SourceSecurityGroupOwnerId: 'honoured',
  },
  (input, context) => authorize('in', input, context),
)
