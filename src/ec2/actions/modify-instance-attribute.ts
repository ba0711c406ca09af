import type { ComputeRecord } from '../../model/records'
import { action, type Ec2Context } from '../action'
import { type Modification, modificationOf } from '../attributes/modification'
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
    BlockDeviceMappings: {
      accepts: (mappings) => mappings.every(({ Ebs }) => Ebs?.DeleteOnTermination !== false),
      only: 'Ebs.DeleteOnTermination=true',
    },
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
  { id }: ComputeRecord,
  modification: Modification,
  dryRun: boolean,
  context: Ec2Context,
): Promise<void> {
  const { operations, caller } = context
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
    case 'nothing':
  }
}
