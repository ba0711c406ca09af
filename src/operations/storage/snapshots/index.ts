/** Binds the operations on snapshots to their context. */
import type { Context } from '../../context'
import { deleteSnapshot, shareSnapshot } from './change'
import { copySnapshot, createSnapshots } from './create'
import { createImageOf } from './create-image'
import type { SnapshotOperations } from './operations'
import { listAllSnapshots, listSnapshots } from './read'

export const openSnapshotOperations = (context: Context, reading: Context): SnapshotOperations => ({
  createSnapshots: async (caller, order) => createSnapshots(context, caller, order),
  listSnapshots: (caller) => listSnapshots(reading, caller),
  snapshot: (id) => reading.mirror.get('snapshot', id),
  listAllSnapshots: () => listAllSnapshots(reading),
  deleteSnapshot: (caller, id, how) => deleteSnapshot(context, caller, id, how),
  copySnapshot: async (caller, order) => copySnapshot(context, caller, order),
  shareSnapshot: async (caller, id, change) => shareSnapshot(context, caller, id, change),
  createImageOf: async (caller, order) => createImageOf(context, caller, order),
})
