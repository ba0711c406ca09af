import { fault } from '../../faults'
import { action } from '../action'
import { instancesNamed } from '../resources/instances'
import { targetOf } from '../resources/snapshot-targets'
import { tagsAtCreation } from '../resources/tags'
import { allVolumes, type Volume, volumeName } from '../resources/volumes'
import { showSnapshot } from '../show/snapshot'

/** CreateSnapshots: one of each disk of an instance, all or none ordered; they are taken one after the other. */
export const createSnapshots = action(
  'CreateSnapshots',
  {
    InstanceSpecification: 'honoured',
    Description: 'honoured',
    TagSpecifications: 'honoured',
    CopyTagsFromSource: 'honoured',
    OutpostArn: 'refused',
    Location: { accepts: (value: string) => value === 'regional', only: 'regional' },
  },
  async (input, context) => {
    const { InstanceId, ExcludeBootVolume, ExcludeDataVolumeIds = [] } = input.InstanceSpecification ?? {}
    const field = 'InstanceSpecification.InstanceId'
    const [compute] = await instancesNamed(InstanceId ? [InstanceId] : [], context)
    if (!InstanceId || !compute) throw fault('missing', `The request must contain the parameter ${field}`, { field })
    const all = await allVolumes(context)
    const disks = all.filter((volume) => isOf(volume, compute.id))
    const wanted = disks.filter((volume) =>
      volume.is === 'root' ? ExcludeBootVolume !== true : !ExcludeDataVolumeIds.includes(volumeName(volume)),
    )
    if (wanted.length === 0)
      throw fault('combination', 'The request leaves no volume of the instance', { field: 'InstanceSpecification' })
    const tags = tagsAtCreation(input.TagSpecifications, 'snapshot')
    const copies = input.CopyTagsFromSource === 'volume'
    const records = await context.operations.createSnapshots(context.caller, {
      of: wanted.map(targetOf),
      description: input.Description ?? '',
      eachTags: wanted.map((volume) => (copies ? { ...tagsOf(volume), ...tags } : tags)),
      dryRun: input.DryRun === true,
    })
    return {
      Snapshots: records.map((record) => {
        const { SnapshotId, VolumeId, VolumeSize, State, Progress, StartTime, OwnerId, Description, Encrypted, Tags } =
          showSnapshot(record, context)
        return { SnapshotId, VolumeId, VolumeSize, State, Progress, StartTime, OwnerId, Description, Encrypted, Tags }
      }),
    }
  },
)

const isOf = (volume: Volume, compute: string): boolean =>
  volume.is === 'root' ? volume.compute.id === compute : volume.attachment?.holder.compute === compute

const tagsOf = (volume: Volume): Readonly<Record<string, string>> =>
  volume.is === 'root' ? (volume.disk.tags ?? {}) : volume.record.wish.tags
