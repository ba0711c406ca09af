import { fault } from '../../faults'
import { action } from '../action'
import { placementGroupNamed } from '../placement/asked'

/** DeletePlacementGroup: refused while machines are in it. */
export const deletePlacementGroup = action(
  'DeletePlacementGroup',
  { GroupName: 'honoured' },
  async (input, context) => {
    const group = await placementGroupNamed({ GroupName: input.GroupName }, context)
    if (!group) throw fault('missing', 'The request must contain the parameter GroupName', { field: 'GroupName' })
    await context.operations.deletePlacementGroup(context.caller, { id: group.id, dryRun: input.DryRun === true })
    return {}
  },
)
