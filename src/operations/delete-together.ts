/**
 * Deleting machines and volumes in one script (OCCI DELETE of a path with both below it). A volume of a machine that goes too
 * goes with it, as one that was to be deleted on termination; one that another machine has refuses all.
 */
import { fault } from '../faults'
import type { ComputeId, StorageId } from '../model/ids'
import type { ComputeRecord } from '../model/records'
import type { Update } from '../store/store'
import type { Caller, Context } from './context'
import { deleteComputes } from './delete-computes'
import { MOST_AT_ONCE } from './run/check-order'
import { storageUpdate } from './storage/attach'
import { deletable, deleteStorages } from './storage/delete'

export interface TogetherOrder {
  readonly computes: readonly ComputeId[]
  readonly storages: readonly StorageId[]
}

/** All or nothing. Faults: those of deleting either, 'too-large' above 1000. */
export async function deleteTogether(context: Context, caller: Caller, order: TogetherOrder): Promise<void> {
  const count = order.computes.length + order.storages.length
  if (count > MOST_AT_ONCE)
    throw fault('too-large', `this would delete ${count} entities; one request deletes at most ${MOST_AT_ONCE}`)
  if (order.computes.length === 0) return deleteStorages(context, caller, { ids: order.storages })
  await deleteComputes(
    context,
    caller,
    { ids: order.computes },
    { also: (going) => volumes(context, caller, order, going) },
  )
}

function volumes(
  context: Context,
  caller: Caller,
  { storages }: TogetherOrder,
  going: readonly ComputeRecord[],
): readonly Update[] {
  const deletedAt = context.clock.now()
  const gone = new Set<string>(going.map(({ id }) => id))
  return storages.map((id) => {
    const storage = deletable(context, caller, id, (holder) => gone.has(holder.compute))
    const { holder, former } = storage.wish
    return storageUpdate(storage, { exists: false, deletedAt, holder: null, former: holder ?? former })
  })
}
