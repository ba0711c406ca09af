import { fault } from '../../faults'
import { action } from '../action'
import { showPlacementGroup } from '../placement/show'
import { ruleAsked } from '../placement/strategy'
import { tagsAtCreation } from '../resources/tags'

/** CreatePlacementGroup: machines in it are kept together (cluster), apart (spread), or apart by partitions. */
export const createPlacementGroup = action(
  'CreatePlacementGroup',
  {
    GroupName: 'honoured',
    Strategy: 'honoured',
    SpreadLevel: 'honoured',
    PartitionCount: 'honoured',
    TagSpecifications: 'honoured',
    LinkedGroupId: 'refused',
    ParentGroupId: 'refused',
    Operator: 'refused',
  },
  async (input, context) => {
    if (input.GroupName === undefined)
      throw fault('missing', 'The request must contain the parameter GroupName', { field: 'GroupName' })
    const tags = tagsAtCreation(input.TagSpecifications, 'placement-group')
    const record = await context.operations.createPlacementGroup(context.caller, {
      name: input.GroupName,
      rule: ruleAsked(input, tags),
      tags,
      dryRun: input.DryRun === true,
    })
    return { PlacementGroup: showPlacementGroup(record, context) }
  },
)
