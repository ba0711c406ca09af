import { fault } from '../../faults'
import type { ComputeRecord } from '../../model/records'
import { changeComputes } from '../change-computes'
import type { Caller, Context } from '../context'
import { canonicalUserData } from '../run/check-order'
import { sealUserData, userDataOf } from '../user-data'
import type { ModifyOperations } from './operations'
import { refuseUnlessOff } from './stopped'

type Order = Parameters<ModifyOperations['setUserData']>[1]

/** Faults: 'invalid', 'too-large' (user data), 'state', 'not-found', 'conflict', 'unavailable'. */
export async function setUserData(context: Context, caller: Caller, order: Order): Promise<ComputeRecord> {
  const userData = canonicalUserData(order.userData)
  const [changed] = await changeComputes(context, caller, {
    what: 'set-user-data',
    ids: [order.id],
    compares: 'phase',
    dryRun: order.dryRun ?? false,
    decide: (record, state) => {
      refuseUnlessOff(record, state, 'user data is')
      if (userDataOf(context.ring, record) === userData) return undefined
      return { userData: sealUserData(context.ring, record.id, userData) }
    },
  })
  if (!changed) throw fault('internal', 'a change of one machine changed none')
  return changed.record
}
