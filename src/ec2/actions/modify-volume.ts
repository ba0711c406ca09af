import { action } from '../action'
import { volumeType } from '../resources/volume-type'
import { ownVolume, rootRefused } from '../resources/volumes'
import { showModification } from '../show/volume'

/** ModifyVolume: larger, attached or not; never smaller. */
export const modifyVolume = action(
  'ModifyVolume',
  {
    VolumeId: 'honoured',
    Size: 'honoured',
    VolumeType: 'honoured',
    MultiAttachEnabled: { accepts: (value: boolean) => !value, only: 'false' },
    Iops: 'refused',
    Throughput: 'refused',
  },
  async (input, context) => {
    const { record } = await ownVolume(input.VolumeId, context, rootRefused('changed'))
    const view = await context.operations.changeStorage(context.caller, {
      storage: record.id,
      ...(input.Size === undefined ? {} : { sizeGiB: input.Size }),
      ...(input.VolumeType === undefined ? {} : { type: volumeType(input.VolumeType) }),
      dryRun: input.DryRun === true,
    })
    return { VolumeModification: showModification(view.record) }
  },
)
