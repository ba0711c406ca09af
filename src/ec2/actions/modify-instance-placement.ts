import { fault } from '../../faults'
import { action } from '../action'
import { placementGroupAsked, placementGroupNamed } from '../placement/asked'
import { refuseOtherHosting } from '../placement/hosting'
import { instanceNamed } from '../resources/instances'

/** ModifyInstancePlacement: the placement group of a stopped machine, which stays where it is; an empty GroupName takes it out. */
export const modifyInstancePlacement = action(
  'ModifyInstancePlacement',
  {
    InstanceId: 'honoured',
    GroupName: 'honoured',
    GroupId: 'honoured',
    PartitionNumber: 'honoured',
    // As they are.
    Tenancy: 'honoured',
    Affinity: 'honoured',
    HostId: 'honoured',
    HostResourceGroupArn: 'refused',
  },
  async (input, context) => {
    const instance = await instanceNamed(input.InstanceId, context)
    refuseOtherHosting(input, instance)
    const leaves = input.GroupName === '' && !input.GroupId
    const current = context.operations.placementGroupOf(instance)
    const named = await placementGroupNamed(input, context)
    if (!leaves && !named && input.PartitionNumber === undefined)
      throw fault('missing', 'The request must contain the parameter GroupName', { field: 'GroupName' })
    // A partition alone is another one of the group that it is in.
    const group = named ?? (leaves ? undefined : current)
    const { placementGroup = null } = await placementGroupAsked(
      { ...(group ? { GroupId: group.wish.group } : {}), PartitionNumber: input.PartitionNumber },
      context,
    )
    const order = { id: instance.id, group: placementGroup }
    await context.operations.setPlacementGroup(context.caller, order)
    return { Return: true }
  },
)
