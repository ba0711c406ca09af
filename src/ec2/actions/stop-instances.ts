import { fault } from '../../faults'
import { type ComputeRecord, optionsOf } from '../../model/records'
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
    if (input.Hibernate) refuseUnlessConfigured(found)
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

/** EC2 hibernates only what was launched with HibernationOptions.Configured. */
function refuseUnlessConfigured(records: readonly ComputeRecord[]): void {
  const other = records.find(({ wish }) => !optionsOf(wish).hibernates)
  if (other)
    throw fault(
      'unsupported',
      `The instance ${other.wish.name} was not launched with HibernationOptions.Configured=true`,
      { field: 'Hibernate', reason: 'hibernation', subject: { kind: 'compute', id: other.id } },
    )
}
