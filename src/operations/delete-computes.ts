/** Deleting machines, in whatever state they are (OCCI DELETE, EC2 TerminateInstances). The worker undoes what was built. */
import { fault } from '../faults'
import { formatRef } from '../model/ids'
import { type ComputeRecord, groupRefs, optionsOf } from '../model/records'
import type { Update } from '../store/store'
import { freedWith } from './addresses/associate'
import { changeComputes } from './change-computes'
import type { Caller, Context } from './context'
import type { Changed, Operations } from './operations'
import { userInitiated } from './set-power'
import { releasedWith } from './storage/attach'

export type DeleteOrder = Parameters<Operations['deleteComputes']>[1]

/**
 * Deleting what is deleted is success. All or nothing: one that is protected refuses all ('forbidden', reason protected), unless
 * an operator ends the whole project. Faults: 'not-found', 'too-large', 'forbidden', 'conflict', 'unavailable'.
 */
export const deleteComputes = (
  context: Context,
  caller: Caller,
  order: DeleteOrder,
  {
    protection = 'kept',
    also = () => [],
  }: {
    readonly protection?: 'kept' | 'overruled'
    /** What else goes, in the same script; what becomes of one of their volumes is said once, and this has the last word. */
    readonly also?: (deleted: readonly ComputeRecord[]) => readonly Update[]
  } = {},
): Promise<readonly Changed[]> => {
  const now = context.clock.now()
  return changeComputes(context, caller, {
    what: 'delete-computes',
    ids: order.ids,
    compares: 'any-state',
    dryRun: order.dryRun ?? false,
    wakes: (deleted) => deleted.flatMap(groupRefs),
    also: (deleted) =>
      lastWords([...releasedWith(context, deleted, now), ...freedWith(context, deleted), ...also(deleted)]),
    decide: (record) => {
      if (!record.wish.exists) return undefined
      if (protection === 'kept' && optionsOf(record.wish).isProtected) throw protectedNow(record)
      return {
        exists: false,
        ...(record.wish.volumes ? { volumes: [] } : {}),
        ...(record.wish.publics ? { publics: [] } : {}),
        how: 'hard',
        deletedAt: now,
        reason: userInitiated(now),
      }
    },
  })
}

const lastWords = (updates: readonly Update[]): readonly Update[] => [
  ...new Map(updates.map((update) => [formatRef(update.ref), update])).values(),
]

const protectedNow = ({ id, wish }: ComputeRecord) =>
  fault('forbidden', `${wish.name} is protected: it may not be terminated before its disableApiTermination is lifted`, {
    subject: { kind: 'compute', id },
    reason: 'protected',
  })
