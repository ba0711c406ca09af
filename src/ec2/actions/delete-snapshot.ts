import { action } from '../action'
import { snapshotNamed } from '../resources/snapshots'

/** DeleteSnapshot: refused while an image is made of it; volumes that were ordered of it keep its contents. */
export const deleteSnapshot = action('DeleteSnapshot', { SnapshotId: 'honoured' }, async (input, context) => {
  const { id } = await snapshotNamed(input.SnapshotId, context)
  await context.operations.deleteSnapshot(context.caller, id, { dryRun: input.DryRun === true })
  return {}
})
