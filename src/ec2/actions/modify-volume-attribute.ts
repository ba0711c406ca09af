import { fault } from '../../faults'
import { action } from '../action'
import { volumeNamed } from '../resources/volumes'

/** ModifyVolumeAttribute: AutoEnableIO is kept and told back; input and output are never disabled here. */
export const modifyVolumeAttribute = action(
  'ModifyVolumeAttribute',
  { VolumeId: 'honoured', AutoEnableIO: 'honoured' },
  async (input, context) => {
    const volume = await volumeNamed(input.VolumeId, context)
    const autoEnableIo = input.AutoEnableIO?.Value
    if (autoEnableIo === undefined)
      throw fault('missing', 'The request must contain the parameter AutoEnableIO', { field: 'AutoEnableIO' })
    const { operations, caller } = context
    const order = { autoEnableIo, dryRun: input.DryRun === true }
    if (volume.is === 'root')
      await operations.changeDisk(caller, { id: volume.compute.id, disk: volume.disk.name, ...order })
    else await operations.changeStorage(caller, { storage: volume.record.id, ...order })
    return {}
  },
)
