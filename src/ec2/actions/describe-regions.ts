import { action } from '../action'
import { matching } from '../filters/filter'
import { pick } from '../filters/pick'
import { regionFilters } from '../filters/region-filters'

/** DescribeRegions: the one region that this site is. AllRegions changes nothing: there are no others. */
export const describeRegions = action(
  'DescribeRegions',
  { AllRegions: 'ignored', Filters: 'honoured', RegionNames: 'honoured' },
  async (input, context) => {
    const regions = [{ RegionName: context.region, Endpoint: context.endpoint, OptInStatus: 'opt-in-not-required' }]
    const named = pick(regions, input.RegionNames, {
      nameOf: (region) => region.RegionName,
      field: 'RegionName',
      says: (names) => `Invalid region names: [${names}]`,
    })
    return { Regions: matching(named, input.Filters, regionFilters, context) }
  },
)
