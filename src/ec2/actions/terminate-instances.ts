import { action } from '../action'
import { instancesNamed } from '../resources/instances'
import { showStateChanges } from '../show/state-change'

/** TerminateInstances: always cuts, so Force and SkipOsShutdown say nothing new. Terminating what is terminated is success. */
export const terminateInstances = action(
  'TerminateInstances',
  { InstanceIds: 'honoured', Force: 'ignored', SkipOsShutdown: 'ignored' },
  async (input, context) => {
    const found = await instancesNamed(input.InstanceIds, context)
    const changed = await context.operations.deleteComputes(context.caller, {
      ids: found.map((record) => record.id),
      dryRun: input.DryRun === true,
    })
    return { TerminatingInstances: showStateChanges(changed, found) }
  },
)
