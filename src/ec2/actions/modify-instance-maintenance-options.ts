import { action } from '../action'
import { recoveryAsked, showMaintenance } from '../attributes/maintenance-options'
import { instanceNamed } from '../resources/instances'

/** ModifyInstanceMaintenanceOptions: whether it is started elsewhere when its host is given up. */
export const modifyInstanceMaintenanceOptions = action(
  'ModifyInstanceMaintenanceOptions',
  {
    InstanceId: 'honoured',
    AutoRecovery: 'honoured',
    RebootMigration: { accepts: (value) => value === 'disabled', only: 'disabled' },
  },
  async (input, context) => {
    const options = recoveryAsked(input.AutoRecovery)
    const { id } = await instanceNamed(input.InstanceId, context)
    const change = { ids: [id], options, dryRun: input.DryRun === true }
    const [record] = await context.operations.setOptions(context.caller, change)
    return record ? { InstanceId: record.wish.name, ...showMaintenance(record) } : {}
  },
)
