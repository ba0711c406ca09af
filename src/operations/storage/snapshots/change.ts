/** Deleting and sharing snapshots (EC2 DeleteSnapshot, ModifySnapshotAttribute, ResetSnapshotAttribute). */
import { fault } from '../../../faults'
import { useOfSnapshot } from '../../../model/accounts'
import { isAccountId, type SnapshotId } from '../../../model/ids'
import type { SnapshotRecord, SnapshotWish } from '../../../model/storage'
import type { Mirror, Update } from '../../../store/store'
import { attempt, type Proposal } from '../../attempt'
import type { Caller, Context } from '../../context'
import type { SnapshotOperations } from './operations'
import { ownSnapshot } from './read'

/** EC2's limit of accounts. */
const MOST_SHARES = 1_000

const updateOf = (record: SnapshotRecord, wish: Partial<SnapshotWish>): Update => ({
  ref: { kind: 'snapshot', id: record.id },
  project: record.project,
  generation: record.generation,
  wish: { ...record.wish, ...wish },
  raisePhase: wish.exists === false,
  wake: wish.exists === false,
})

/** Faults: 'not-found', 'forbidden', 'in-use' naming the image, 'conflict', 'unavailable'. */
export function deleteSnapshot(
  context: Context,
  caller: Caller,
  id: SnapshotId,
  how: { readonly dryRun?: boolean } = {},
): Promise<void> {
  return attempt(context, caller.actor, 'delete-snapshot', async () => {
    await context.mirror.fresh(caller.project)
    const record = ownSnapshot(context.mirror, caller, id)
    const image = imageOf(context.mirror, record)
    if (image !== undefined)
      throw fault('in-use', `the snapshot ${record.wish.name} is in use by the image ${image}`, {
        subject: { kind: 'snapshot', id },
      })
    const now = context.clock.now()
    const update = updateOf(record, { exists: false, deletedAt: now })
    const used = useOfSnapshot(record, now)
    return { change: how.dryRun ? undefined : { updates: [update], used: used ? [used] : [] }, value: undefined }
  })
}

/**
 * The image of its owner's that is made of it. Another's holds nobody up and is not told of: it has the file itself once it is
 * available, and fails when that was too early.
 */
const imageOf = (mirror: Mirror, { id, project }: SnapshotRecord): string | undefined =>
  mirror
    .list('image', project)
    .find(
      ({ wish }) =>
        wish.exists && Object.values(wish.sources ?? {}).some((one) => one.from === 'snapshot' && one.id === id),
    )?.wish.ami

/** Faults: 'not-found', 'forbidden', 'invalid', 'too-large', 'conflict', 'unavailable'. */
export function shareSnapshot(
  context: Context,
  caller: Caller,
  id: SnapshotId,
  { add, remove, dryRun }: Parameters<SnapshotOperations['shareSnapshot']>[2],
): Promise<SnapshotRecord> {
  for (const account of [...add, ...(remove === 'everybody' ? [] : remove)])
    if (account !== 'all' && !isAccountId(account))
      throw fault('invalid', `${JSON.stringify(account.slice(0, 64))} is no account id`, { field: 'UserId' })
  return attempt(context, caller.actor, 'share-snapshot', async (): Promise<Proposal<SnapshotRecord>> => {
    await context.mirror.fresh(caller.project)
    const record = ownSnapshot(context.mirror, caller, id)
    const kept = remove === 'everybody' ? [] : record.wish.sharedWith.filter((one) => !remove.includes(one))
    const sharedWith = [...new Set([...kept, ...add])]
    if (sharedWith.length > MOST_SHARES)
      throw fault('too-large', `a snapshot is shared with at most ${MOST_SHARES} accounts`, { field: 'UserId' })
    const value = { ...record, wish: { ...record.wish, sharedWith } }
    return { value, change: dryRun ? undefined : { updates: [updateOf(record, { sharedWith })] } }
  })
}
