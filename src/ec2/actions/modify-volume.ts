import { action } from '../action'
import { checkPerformance, volumeType } from '../resources/volume-type'
import { typeOfVolume, volumeNamed } from '../resources/volumes'
import { showModification, showNoModification, showRootModification } from '../show/volume'

/** ModifyVolume: larger, attached or not, never smaller; of another type, which is told back. */
export const modifyVolume = action(
  'ModifyVolume',
  {
    VolumeId: 'honoured',
    Size: 'honoured',
    VolumeType: 'honoured',
    MultiAttachEnabled: { accepts: (value: boolean) => !value, only: 'false' },
    Iops: 'honoured',
    Throughput: 'honoured',
  },
  async (input, context) => {
    const volume = await volumeNamed(input.VolumeId, context)
    const { operations, caller } = context
    const sizeGiB = input.Size === undefined ? {} : { sizeGiB: input.Size }
    const type = input.VolumeType === undefined ? undefined : volumeType(input.VolumeType)
    checkPerformance(input, type ?? typeOfVolume(volume))
    const dryRun = input.DryRun === true
    if (volume.is === 'root') {
      const { id } = volume.compute
      const attributes = type === undefined ? {} : { volumeType: type }
      const order = { id, disk: volume.disk.name, ...sizeGiB, ...attributes, dryRun }
      const changed = showRootModification(await operations.changeDisk(caller, order), volume.disk.name)
      return { VolumeModification: changed ?? showNoModification(volume) }
    }
    const order = { storage: volume.record.id, ...sizeGiB, ...(type === undefined ? {} : { type }), dryRun }
    const view = await operations.changeStorage(caller, order)
    return { VolumeModification: showModification(view.record) ?? showNoModification(volume) }
  },
)
