import { action } from '../action'
import { resourcesNamed } from '../resources/tagged'
import { readTagRemovals } from '../resources/tags'

/** DeleteTags: a key with a value goes only if it has that value; without any Tag all of a resource's tags go. */
export const deleteTags = action('DeleteTags', { Resources: 'honoured', Tags: 'honoured' }, async (input, context) => {
  const remove = readTagRemovals(input.Tags ?? [])
  await context.operations.tagResources(context.caller, {
    refs: await resourcesNamed(input.Resources, context),
    ...(remove.length === 0 ? { removeAll: true } : { remove }),
    dryRun: input.DryRun === true,
  })
  return {}
})
