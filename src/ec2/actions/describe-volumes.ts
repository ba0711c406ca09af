import { action } from '../action'
import { filterBy } from '../filters/filter'
import { volumeFilters } from '../filters/volume-filters'
import { page, refusePagingOfNamed } from '../paging'
import { volumeMadeAt, volumeName, volumesAsked } from '../resources/volumes'
import { showVolume } from '../show/volume'

/** DescribeVolumes: the caller's volumes, the root disks of its machines among them. */
export const describeVolumes = action(
  'DescribeVolumes',
  {
    VolumeIds: 'honoured',
    Filters: 'honoured',
    MaxResults: 'honoured',
    NextToken: 'honoured',
    IncludeManagedResources: 'ignored',
  },
  async (input, context) => {
    refusePagingOfNamed(input.VolumeIds, input.MaxResults, 'VolumeId')
    const matches = filterBy(input.Filters, volumeFilters, context)
    const { things, next } = page(
      await volumesAsked(input.VolumeIds, context),
      matches,
      input,
      { action: 'DescribeVolumes', min: 5, max: 1000, idOf: volumeName, madeAt: volumeMadeAt },
      context,
    )
    return { Volumes: things.map(showVolume), NextToken: next }
  },
)
