import { action } from '../action'
import { authorize } from '../groups/change'

/** AuthorizeSecurityGroupEgress: rules more, all or none; the machines of the group have them at once. */
export const authorizeSecurityGroupEgress = action(
  'AuthorizeSecurityGroupEgress',
  {
    GroupId: 'honoured',

    IpPermissions: 'honoured',
    TagSpecifications: 'honoured',
    IpProtocol: 'honoured',
    FromPort: 'honoured',
    ToPort: 'honoured',
    CidrIp: 'honoured',
    SourceSecurityGroupName: 'honoured',
    SourceSecurityGroupOwnerId: 'honoured',
  },
  (input, context) => authorize('out', input, context),
)
