import { fault } from '../../faults'
import { action } from '../action'
import { ownVolume, rootRefused } from '../resources/volumes'

/** ModifyVolumeAttribute: AutoEnableIO is kept and told back; input and output are never disabled here. */
export const modifyVolumeAttribute = action(
  'ModifyVolumeAttribute',
  { VolumeId: 'honoured', AutoEnableIO: 'honoured' },
  async (input, context) => {
    const { record } = await ownVolume(input.VolumeId, context, rootRefused('changed'))
    if (input.AutoEnableIO?.Value === undefined)
      throw fault('missing', 'The request must contain the parameter AutoEnableIO', { field: 'AutoEnableIO' })
    await context.operations.changeStorage(context.caller, {
      storage: record.id,
      autoEnableIo: input.AutoEnableIO.Value,
      dryRun: input.DryRun === true,
    })
    return {}
  },
)
