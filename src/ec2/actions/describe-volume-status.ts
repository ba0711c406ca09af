import { action } from '../action'
import { filterBy } from '../filters/filter'
import { volumeStatusFilters } from '../filters/volume-filters'
import { page, refusePagingOfNamed } from '../paging'
import { volumeMadeAt, volumeName, volumesAsked } from '../resources/volumes'
import { showVolumeStatus } from '../show/volume'

/** DescribeVolumeStatus: impaired is what its host refuses or has lost. */
export const describeVolumeStatus = action(
  'DescribeVolumeStatus',
  {
    VolumeIds: 'honoured',
    Filters: 'honoured',
    MaxResults: 'honoured',
    NextToken: 'honoured',
    IncludeManagedResources: 'ignored',
  },
  async (input, context) => {
    refusePagingOfNamed(input.VolumeIds, input.MaxResults, 'VolumeId')
    const matches = filterBy(input.Filters, volumeStatusFilters, context)
    const { things, next } = page(
      await volumesAsked(input.VolumeIds, context),
      matches,
      input,
      { action: 'DescribeVolumeStatus', min: 5, max: 1000, idOf: volumeName, madeAt: volumeMadeAt },
      context,
    )
    return { VolumeStatuses: things.map(showVolumeStatus), NextToken: next }
  },
)
