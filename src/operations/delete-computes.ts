/** Deleting machines, in whatever state they are (OCCI DELETE, EC2 TerminateInstances). The worker undoes what was built. */
import { fault } from '../faults'
import { type ComputeRecord, groupRefs, optionsOf } from '../model/records'
import { freedWith } from './addresses/associate'
import type { Propose } from './attempt'
import { type ComputeVerbOrder, changeComputes, changingComputes } from './change-computes'
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
  protection: 'kept' | 'overruled' = 'kept',
): Promise<readonly Changed[]> => changeComputes(context, caller, deletion(context, order, protection))

/** The decision by itself. */
export const deletingComputes = (context: Context, caller: Caller, order: DeleteOrder): Propose<readonly Changed[]> =>
  changingComputes(caller, deletion(context, order, 'kept'))

function deletion({ clock }: Context, order: DeleteOrder, protection: 'kept' | 'overruled'): ComputeVerbOrder {
  const now = clock.now()
  return {
    what: 'delete-computes',
    ids: order.ids,
    compares: 'any-state',
    dryRun: order.dryRun ?? false,
    wakes: (deleted) => deleted.flatMap(groupRefs),
    also: (deleted, context) => [...releasedWith(context, deleted, now), ...freedWith(context, deleted)],
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
  }
}

const protectedNow = ({ id, wish }: ComputeRecord) =>
  fault('forbidden', `${wish.name} is protected: it may not be terminated before its disableApiTermination is lifted`, {
    subject: { kind: 'compute', id },
    reason: 'protected',
  })
