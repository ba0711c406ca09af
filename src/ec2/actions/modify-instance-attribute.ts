import { fault } from '../../faults'
import type { ComputeRecord } from '../../model/records'
import { action, type Ec2Context } from '../action'
import { type DiskMapping, type Modification, modificationOf } from '../attributes/modification'
import { shorten } from '../codec'
import { groupsAsked } from '../groups/asked'
import { instanceNamed } from '../resources/instances'

const asItIs = { accepts: ({ Value }: { Value?: boolean | undefined }) => !Value, only: 'false' }

/** ModifyInstanceAttribute: one attribute of one machine; its type and user data while it is stopped. */
export const modifyInstanceAttribute = action(
  'ModifyInstanceAttribute',
  {
    InstanceId: 'honoured',
    Attribute: 'honoured',
    Value: 'honoured',
    InstanceType: 'honoured',
    UserData: 'honoured',
    DisableApiTermination: 'honoured',
    InstanceInitiatedShutdownBehavior: 'honoured',
    SourceDestCheck: { accepts: ({ Value }) => Value !== false, only: 'true' },
    EbsOptimized: asItIs,
    DisableApiStop: asItIs,
    BlockDeviceMappings: 'honoured',
    EnaSupport: asItIs,
    EnclaveOptions: 'refused',
    Groups: 'honoured',
    Kernel: 'refused',
    Ramdisk: 'refused',
    SriovNetSupport: 'refused',
  },
  async (input, context) => {
    const modification = modificationOf(input)
    const record = await instanceNamed(input.InstanceId, context)
    await modify(record, modification, input.DryRun === true, context)
    return {}
  },
)

async function modify(
  record: ComputeRecord,
  modification: Modification,
  dryRun: boolean,
  context: Ec2Context,
): Promise<void> {
  const { operations, caller } = context
  const { id } = record
  switch (modification.what) {
    case 'groups': {
      const groups = await groupsAsked({ ids: modification.groups }, context)
      const ids = modification.groups.length === 0 ? [] : groups.map((group) => group.id)
      await operations.setGroups(caller, { id, groups: ids, dryRun })
      return
    }
    case 'type':
      await operations.resizeCompute(caller, { id, type: modification.type, dryRun })
      return
    case 'userData':
      await operations.setUserData(caller, { id, userData: modification.userData, dryRun })
      return
    case 'protection':
      await operations.setOptions(caller, { ids: [id], options: { isProtected: modification.isProtected }, dryRun })
      return
    case 'shutdown':
      await operations.setOptions(caller, { ids: [id], options: { onShutdown: modification.onShutdown }, dryRun })
      return
    case 'disks':
      // All are looked at before any is changed.
      for (const how of dryRun ? (['dry'] as const) : (['dry', 'real'] as const))
        for (const mapping of modification.mappings) await keepOrEnd(record, mapping, how, context)
      return
    case 'nothing':
  }
}

/** Whether a volume ends with its machine; a root disk always does. Faults: 'missing', 'invalid' for no such device, 'unsupported'. */
async function keepOrEnd(
  { wish }: ComputeRecord,
  { DeviceName, Ebs }: DiskMapping,
  how: 'dry' | 'real',
  { operations, caller }: Ec2Context,
): Promise<void> {
  const field = 'BlockDeviceMapping'
  const deleteOnTermination = Ebs?.DeleteOnTermination
  if (deleteOnTermination === undefined)
    throw fault('missing', 'The request must contain the parameter Ebs.DeleteOnTermination', { field })
  const volume = wish.volumes?.find(({ device }) => device === DeviceName)
  if (volume) {
    await operations.changeStorage(caller, { storage: volume.storage, deleteOnTermination, dryRun: how === 'dry' })
    return
  }
  if (!wish.disks.some(({ device }) => device === DeviceName))
    throw fault('invalid', `No device is currently mapped at ${shorten(DeviceName ?? '')}`, { field })
  if (!deleteOnTermination)
    throw fault('unsupported', 'A root disk ends with its instance on this gateway: DeleteOnTermination is true', {
      field,
    })
}
