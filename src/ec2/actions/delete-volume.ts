import { action } from '../action'
import { ownVolume, rootInUse } from '../resources/volumes'

/** DeleteVolume: refused while a machine has it. */
export const deleteVolume = action('DeleteVolume', { VolumeId: 'honoured' }, async (input, context) => {
  const { record } = await ownVolume(input.VolumeId, context, rootInUse)
  await context.operations.deleteStorages(context.caller, { ids: [record.id], dryRun: input.DryRun === true })
  return {}
})
