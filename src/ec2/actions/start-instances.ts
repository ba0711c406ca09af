import { action } from '../action'
import { instancesNamed } from '../resources/instances'
import { showStateChanges } from '../show/state-change'

/** StartInstances: all or none; those that run already are left as they are. */
export const startInstances = action(
  'StartInstances',
  { InstanceIds: 'honoured', AdditionalInfo: 'ignored' },
  async (input, context) => {
    const found = await instancesNamed(input.InstanceIds, context)
    const changed = await context.operations.setPower(context.caller, {
      ids: found.map((record) => record.id),
      to: 'on',
      already: 'accept',
      dryRun: input.DryRun === true,
    })
    return { StartingInstances: showStateChanges(changed, found) }
  },
)
