/** Deleting machines, in whatever state they are (OCCI DELETE, EC2 TerminateInstances). The worker undoes what was built. */
import { changeComputes } from './change-computes'
import type { Caller, Context } from './context'
import type { Changed, Operations } from './operations'
import { userInitiated } from './set-power'
import { releasedWith } from './storage/attach'

export type DeleteOrder = Parameters<Operations['deleteComputes']>[1]

/** Deleting what is deleted is success. Faults: 'not-found', 'too-large', 'conflict', 'unavailable'. */
export const deleteComputes = (context: Context, caller: Caller, order: DeleteOrder): Promise<readonly Changed[]> => {
  const now = context.clock.now()
  return changeComputes(context, caller, {
    what: 'delete-computes',
    ids: order.ids,
    compares: 'any-state',
    dryRun: order.dryRun ?? false,
    also: (deleted) => releasedWith(context, deleted, now),
    decide: (record) =>
      record.wish.exists
        ? {
            exists: false,
            ...(record.wish.volumes ? { volumes: [] } : {}),
            how: 'hard',
            deletedAt: now,
            reason: userInitiated(now),
          }
        : undefined,
  })
}
