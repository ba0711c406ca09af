import { fault } from '../../faults'
import { ec2State } from '../../model/lifecycle'
import { action } from '../action'
import { instancesNamed } from '../resources/instances'
import { ownVolume, rootInUse } from '../resources/volumes'
import { showAttachment } from '../show/volume'

/** AttachVolume: to a machine that runs or is stopped, in the volume's zone and on its host. */
export const attachVolume = action(
  'AttachVolume',
  { VolumeId: 'honoured', InstanceId: 'honoured', Device: 'honoured', EbsCardIndex: 'refused' },
  async (input, context) => {
    const volume = await ownVolume(input.VolumeId, context, rootInUse)
    const [compute] = await instancesNamed(input.InstanceId ? [input.InstanceId] : [], context)
    if (!input.Device) throw fault('missing', 'The request must contain the parameter Device', { field: 'Device' })
    if (!compute) throw fault('missing', 'The request must contain the parameter InstanceId', { field: 'InstanceId' })
    const { name } = ec2State(compute)
    if (name !== 'running' && name !== 'stopped')
      throw fault('state', `Instance '${compute.wish.name}' is not 'running'.`, {
        subject: { kind: 'storage', id: volume.record.id },
      })
    const view = await context.operations.attachStorage(context.caller, {
      storage: volume.record.id,
      compute: compute.id,
      device: input.Device,
      dryRun: input.DryRun === true,
    })
    return showAttachment(view)
  },
)
