/** Deleting volumes (OCCI DELETE, EC2 DeleteVolume): refused while a machine has one, or may have it. */
import { fault } from '../../faults'
import type { StorageRecord } from '../../model/storage'
import { attemptOne, type Propose } from '../attempt'
import type { Caller, Context } from '../context'
import { MOST_AT_ONCE } from '../run/check-order'
import { storageUpdate } from './attach'
import type { StorageDeletion } from './operations'
import { noVolume, ownStorage, viewOf } from './read'

/** All or nothing. Faults: 'not-found' (also for what is deleted), 'in-use' naming the machine, 'too-large', 'conflict', 'unavailable'. */
export const deleteStorages = async (context: Context, caller: Caller, order: StorageDeletion): Promise<void> =>
  attemptOne(context, caller.actor, 'delete-storages', deletingStorages(caller, order))

/** The decision by itself. */
export function deletingStorages(caller: Caller, order: StorageDeletion): Propose<void> {
  const ids = [...new Set(order.ids)]
  if (ids.length > MOST_AT_ONCE)
    throw fault('too-large', `at most ${MOST_AT_ONCE} volumes can be named at once`, { field: 'ids' })
  const going = new Set<string>(order.goingWith)
  return async ({ mirror, clock }) => {
    await mirror.fresh(caller.project)
    const deletedAt = clock.now()
    const updates = ids.flatMap((id) => {
      const storage = ownStorage(mirror, caller, id)
      const { exists, former } = storage.wish
      // One that was to be deleted on termination went with its machine.
      if (!exists && former !== null && going.has(former.compute)) return []
      refuseHeld(mirror, storage, going)
      return storageUpdate(storage, { exists: false, deletedAt })
    })
    return { change: order.dryRun || updates.length === 0 ? undefined : { updates }, value: undefined }
  }
}

/** Faults: 'not-found' for what is deleted, 'in-use' naming the machine. */
function refuseHeld(mirror: Context['mirror'], storage: StorageRecord, going: ReadonlySet<string>): void {
  const { id, wish } = storage
  if (!wish.exists) throw noVolume([id])
  const { attachment } = viewOf(mirror, storage)
  if (attachment && !going.has(attachment.holder.compute))
    throw fault(
      'in-use',
      `the volume ${wish.name} is ${attachment.state} at the machine ${attachment.holder.computeName}`,
      { subject: { kind: 'storage', id } },
    )
}
