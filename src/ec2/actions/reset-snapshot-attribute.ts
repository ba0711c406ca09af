import { fault } from '../../faults'
import { action } from '../action'
import { snapshotNamed } from '../resources/snapshots'

/** ResetSnapshotAttribute: nobody but its owner may make volumes of it any more. */
export const resetSnapshotAttribute = action(
  'ResetSnapshotAttribute',
  {
    SnapshotId: 'honoured',
    Attribute: { accepts: (value: string) => value === 'createVolumePermission', only: 'createVolumePermission' },
  },
  async (input, context) => {
    const { id } = await snapshotNamed(input.SnapshotId, context)
    if (input.Attribute === undefined)
      throw fault('missing', 'The request must contain the parameter Attribute', { field: 'Attribute' })
    const change = { add: [], remove: 'everybody', dryRun: input.DryRun === true } as const
    await context.operations.shareSnapshot(context.caller, id, change)
    return {}
  },
)
