import { fault } from '../../faults'
import { action } from '../action'
import { snapshotNamed } from '../resources/snapshots'
import { tagsAtCreation } from '../resources/tags'
import { showTags } from '../show/tags'

/** CopySnapshot: within this region, own ones or shared ones; the copy has the same contents and is completed at once. */
export const copySnapshot = action(
  'CopySnapshot',
  {
    SourceSnapshotId: 'honoured',
    SourceRegion: 'honoured',
    DestinationRegion: 'honoured',
    Description: 'honoured',
    TagSpecifications: 'honoured',
    Encrypted: { accepts: (value: boolean) => !value, only: 'false' },
    // For presigned copies between regions, which there are none of.
    PresignedUrl: 'ignored',
    CompletionDurationMinutes: 'ignored',
    KmsKeyId: 'refused',
    DestinationOutpostArn: 'refused',
    DestinationAvailabilityZone: 'refused',
  },
  async (input, context) => {
    for (const field of ['SourceRegion', 'DestinationRegion'] as const)
      if (input[field] && input[field] !== context.region)
        throw fault('invalid', `There is one region here: ${context.region}`, { field })
    const source = await snapshotNamed(input.SourceSnapshotId, context, 'SourceSnapshotId')
    const record = await context.operations.copySnapshot(context.caller, {
      of: source.id,
      description: input.Description ?? '',
      tags: tagsAtCreation(input.TagSpecifications, 'snapshot'),
      dryRun: input.DryRun === true,
    })
    return { SnapshotId: record.wish.name, Tags: showTags(record.wish.tags) }
  },
)
