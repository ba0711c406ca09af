import { fault } from '../../faults'
import { action } from '../action'
import { resourcesNamed } from '../resources/tagged'
import { readTags } from '../resources/tags'

/** CreateTags: sets or replaces tags of whatever bears them (resources/tagged.ts), all or none. */
export const createTags = action('CreateTags', { Resources: 'honoured', Tags: 'honoured' }, async (input, context) => {
  const set = readTags(input.Tags ?? [])
  if (Object.keys(set).length === 0)
    throw fault('missing', 'The request must contain the parameter Tag', { field: 'Tag' })
  await context.operations.tagResources(context.caller, {
    refs: await resourcesNamed(input.Resources, context),
    set,
    dryRun: input.DryRun === true,
  })
  return {}
})
