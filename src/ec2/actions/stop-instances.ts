import { fault } from '../../faults'
import { action } from '../action'
import { instancesNamed } from '../resources/instances'
import { showStateChanges } from '../show/state-change'

/** StopInstances: the guest is asked to shut down; Force (or SkipOsShutdown) cuts, Hibernate keeps its memory. */
export const stopInstances = action(
  'StopInstances',
  { InstanceIds: 'honoured', Force: 'honoured', Hibernate: 'honoured', SkipOsShutdown: 'honoured' },
  async (input, context) => {
    const cut = input.Force === true || input.SkipOsShutdown === true
    if (cut && input.Hibernate)
      throw fault('combination', 'The parameter Hibernate cannot be used with the parameter Force', {
        field: 'Hibernate',
      })
    const found = await instancesNamed(input.InstanceIds, context)
    const changed = await context.operations.setPower(context.caller, {
      ids: found.map((record) => record.id),
      to: input.Hibernate ? 'suspended' : 'off',
      how: cut ? 'hard' : 'graceful',
      already: 'accept',
      dryRun: input.DryRun === true,
    })
    return { StoppingInstances: showStateChanges(changed, found) }
  },
)
