import { fault } from '../../faults'
import { action } from '../action'
import { targetOf } from '../resources/snapshot-targets'
import { tagsAtCreation } from '../resources/tags'
import { volumeNamed } from '../resources/volumes'
import { showSnapshot } from '../show/snapshot'

/** CreateSnapshot: of a volume or a root disk, attached or not; pending until its contents are in the image store. */
export const createSnapshot = action(
  'CreateSnapshot',
  {
    VolumeId: 'honoured',
    Description: 'honoured',
    TagSpecifications: 'honoured',
    OutpostArn: 'refused',
    Location: { accepts: (value: string) => value === 'regional', only: 'regional' },
  },
  async (input, context) => {
    const volume = await volumeNamed(input.VolumeId, context)
    const [record] = await context.operations.createSnapshots(context.caller, {
      of: [targetOf(volume)],
      description: input.Description ?? '',
      tags: tagsAtCreation(input.TagSpecifications, 'snapshot'),
      dryRun: input.DryRun === true,
    })
    if (!record) throw fault('internal', 'no snapshot was made')
    return showSnapshot(record, context)
  },
)
