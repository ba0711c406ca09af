import type { PlacementGroupRecord } from '../../model/records'
import { placementGroupArn } from '../placement/show'
import { spreadLevelOf, strategyOf } from '../placement/strategy'
import type { FilterTable } from './filter'

/** Filters of DescribePlacementGroups. */
export const placementGroupFilters: FilterTable<PlacementGroupRecord> = {
  says: {
    'group-name': ({ wish }) => wish.name,
    'group-id': ({ wish }) => wish.group,
    'group-arn': ({ wish }, context) => placementGroupArn(wish.name, context),
    state: () => 'available',
    strategy: ({ wish }) => strategyOf(wish.rule),
    'spread-level': ({ wish }) => spreadLevelOf(wish.rule),
  },
  tags: ({ wish }) => wish.tags,
}
