import type { Region } from '@aws-sdk/client-ec2'
import type { FilterTable } from './filter'

/** Filters of DescribeRegions. */
export const regionFilters: FilterTable<Region> = {
  says: {
    'region-name': (region) => region.RegionName,
    endpoint: (region) => region.Endpoint,
    'opt-in-status': (region) => region.OptInStatus,
  },
}
