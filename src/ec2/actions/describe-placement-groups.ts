import { action } from '../action'
import { matching } from '../filters/filter'
import { placementGroupFilters } from '../filters/placement-group-filters'
import { placementGroupsAsked } from '../placement/asked'
import { showPlacementGroup } from '../placement/show'

/** DescribePlacementGroups: the caller's placement groups. */
export const describePlacementGroups = action(
  'DescribePlacementGroups',
  { GroupNames: 'honoured', GroupIds: 'honoured', Filters: 'honoured' },
  async (input, context) => {
    const asked = await placementGroupsAsked({ names: input.GroupNames, ids: input.GroupIds }, context)
    const groups = matching(asked, input.Filters, placementGroupFilters, context)
    return { PlacementGroups: groups.map((record) => showPlacementGroup(record, context)) }
  },
)
