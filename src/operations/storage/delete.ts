/** Deleting volumes (OCCI DELETE, EC2 DeleteVolume): refused while a machine has one, or may have it. */
import { fault } from '../../faults'
import type { StorageId } from '../../model/ids'
import type { Holder, StorageRecord } from '../../model/storage'
import { attempt } from '../attempt'
import type { Caller, Context } from '../context'
import { MOST_AT_ONCE } from '../run/check-order'
import { storageUpdate } from './attach'
import { noVolume, ownStorage, viewOf } from './read'

/** All or nothing. Faults: 'not-found' (also for what is deleted), 'in-use' naming the machine, 'too-large', 'conflict', 'unavailable'. */
export function deleteStorages(
  context: Context,
  caller: Caller,
  order: { readonly ids: readonly StorageId[]; readonly dryRun?: boolean },
): Promise<void> {
  const ids = [...new Set(order.ids)]
  if (ids.length > MOST_AT_ONCE)
    throw fault('too-large', `at most ${MOST_AT_ONCE} volumes can be named at once`, { field: 'ids' })
  return attempt(context, caller.actor, 'delete-storages', async () => {
    await context.mirror.fresh(caller.project)
    const now = context.clock.now()
    const updates = ids.map((id) => storageUpdate(deletable(context, caller, id), { exists: false, deletedAt: now }))
    return { change: order.dryRun || updates.length === 0 ? undefined : { updates }, value: undefined }
  })
}

/** The volume, which no machine has but one that `isGoing` too. Faults: 'not-found', 'in-use' naming the machine. */
export function deletable(
  { mirror }: Context,
  caller: Caller,
  id: StorageId,
  isGoing: (holder: Holder) => boolean = () => false,
): StorageRecord {
  const storage = ownStorage(mirror, caller, id)
  if (!storage.wish.exists) throw noVolume([id])
  const { attachment } = viewOf(mirror, storage)
  if (attachment && !isGoing(attachment.holder))
    throw fault(
      'in-use',
      `the volume ${storage.wish.name} is ${attachment.state} at the machine ${attachment.holder.computeName}`,
      { subject: { kind: 'storage', id } },
    )
  return storage
}
