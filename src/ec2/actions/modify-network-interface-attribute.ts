import { fault } from '../../faults'
import { action, type Ec2Context, type Input } from '../action'
import { groupsAsked } from '../groups/asked'
import { type Interface, interfaceNamed } from '../resources/interfaces'

type Modify = Input<'ModifyNetworkInterfaceAttribute'>

/** ModifyNetworkInterfaceAttribute: one attribute: the description, or the security groups, which all interfaces of an instance share. */
export const modifyNetworkInterfaceAttribute = action(
  'ModifyNetworkInterfaceAttribute',
  {
    NetworkInterfaceId: 'honoured',
    Description: 'honoured',
    Groups: 'honoured',
    SourceDestCheck: { accepts: ({ Value }) => Value !== false, only: 'true' },
    Attachment: {
      accepts: ({ DeleteOnTermination }) => DeleteOnTermination !== false,
      only: 'DeleteOnTermination=true',
    },
    AssociatePublicIpAddress: { accepts: (value) => !value, only: 'false' },
    AssociatedSubnetIds: 'refused',
    EnablePrimaryIpv6: 'refused',
    ConnectionTrackingSpecification: 'refused',
    EnaSrdSpecification: 'refused',
  },
  async (input, context) => {
    const { Description, Groups, SourceDestCheck, Attachment, AssociatePublicIpAddress } = input
    const asked = [Description, Groups, SourceDestCheck, Attachment, AssociatePublicIpAddress].filter(
      (value) => value !== undefined,
    )
    if (asked.length === 0)
      throw fault('missing', 'The request must name an attribute to modify', { field: 'Attribute' })
    if (asked.length > 1)
      throw fault('combination', 'Fields for multiple attribute types specified', { field: 'Attribute' })
    await modify(await interfaceNamed(input.NetworkInterfaceId, context), input, context)
    return {}
  },
)

async function modify({ compute, one }: Interface, input: Modify, context: Ec2Context): Promise<void> {
  const { operations, caller } = context
  const order = { id: compute.id, dryRun: input.DryRun === true }
  if (input.Description)
    await operations.setInterface(caller, { ...order, interface: one.name, description: input.Description.Value ?? '' })
  if (input.Groups) {
    const groups = input.Groups.length === 0 ? [] : await groupsAsked({ ids: input.Groups }, context)
    await operations.setGroups(caller, { ...order, groups: groups.map(({ id }) => id) })
  }
}
