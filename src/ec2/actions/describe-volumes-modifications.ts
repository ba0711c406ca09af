import { fault } from '../../faults'
import { action } from '../action'
import { filterBy } from '../filters/filter'
import { volumeModificationFilters } from '../filters/volume-filters'
import { page, refusePagingOfNamed } from '../paging'
import { type Volume, volumeMadeAt, volumeName, volumesAsked } from '../resources/volumes'
import { showModification, showRootModification } from '../show/volume'

const modificationOf = (volume: Volume) =>
  volume.is === 'volume' ? showModification(volume.record) : showRootModification(volume.compute, volume.disk.name)

/** DescribeVolumesModifications: the last change of size of each volume that had one. */
export const describeVolumesModifications = action(
  'DescribeVolumesModifications',
  {
    VolumeIds: 'honoured',
    Filters: 'honoured',
    MaxResults: 'honoured',
    NextToken: 'honoured',
    IncludeManagedResources: 'ignored',
  },
  async (input, context) => {
    refusePagingOfNamed(input.VolumeIds, input.MaxResults, 'VolumeId')
    const matches = filterBy(input.Filters, volumeModificationFilters, context)
    const asked = await volumesAsked(input.VolumeIds, context)
    const unchanged = (input.VolumeIds ?? []).length > 0 ? asked.find((one) => !modificationOf(one)) : undefined
    if (unchanged)
      throw fault('not-found', `Modification for volume '${volumeName(unchanged)}' does not exist.`, {
        subject: { kind: 'modification', id: volumeName(unchanged) },
      })
    const { things, next } = page(
      asked,
      (volume) => modificationOf(volume) !== undefined && matches(volume),
      input,
      { action: 'DescribeVolumesModifications', min: 1, max: 500, idOf: volumeName, madeAt: volumeMadeAt },
      context,
    )
    return { VolumesModifications: things.flatMap((volume) => modificationOf(volume) ?? []), NextToken: next }
  },
)
