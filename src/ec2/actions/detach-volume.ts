import { fault } from '../../faults'
import { action } from '../action'
import { instancesNamed } from '../resources/instances'
import { ownVolume } from '../resources/volumes'
import { showAttachment } from '../show/volume'

/** DetachVolume: VolumeId is enough. Force asks for no more: a host detaches whether the guest has let go or not. */
export const detachVolume = action(
  'DetachVolume',
  { VolumeId: 'honoured', InstanceId: 'honoured', Device: 'honoured', Force: 'ignored' },
  async (input, context) => {
    const volume = await ownVolume(input.VolumeId, context, ({ compute, disk }) =>
      fault('immutable', `Unable to detach root volume '${disk.volume}' from instance '${compute.wish.name}'`, {
        field: 'VolumeId',
      }),
    )
    const [compute] = input.InstanceId ? await instancesNamed([input.InstanceId], context) : []
    const view = await context.operations.detachStorage(context.caller, {
      storage: volume.record.id,
      ...(compute ? { compute: compute.id } : {}),
      ...(input.Device ? { device: input.Device } : {}),
      dryRun: input.DryRun === true,
    })
    return showAttachment(view)
  },
)
