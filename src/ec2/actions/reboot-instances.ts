import { action } from '../action'
import { instancesNamed } from '../resources/instances'

/** RebootInstances: the guests are asked to restart. */
export const rebootInstances = action('RebootInstances', { InstanceIds: 'honoured' }, async (input, context) => {
  const found = await instancesNamed(input.InstanceIds, context)
  await context.operations.restartComputes(context.caller, {
    ids: found.map((record) => record.id),
    how: 'warm',
    dryRun: input.DryRun === true,
  })
  return {}
})
