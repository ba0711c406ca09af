import type { ComputeRecord } from '../../model/records'
import { changedOptions, optionsOf } from '../../model/records'
import { changeComputes } from '../change-computes'
import type { Caller, Context } from '../context'
import type { ModifyOperations } from './operations'
import { refuseEnded } from './stopped'

type Order = Parameters<ModifyOperations['setOptions']>[1]

/** Protection, behaviour at shutdown, monitoring. Faults: 'state' (deleted), 'not-found', 'too-large', 'conflict', 'unavailable'. */
export async function setOptions(context: Context, caller: Caller, order: Order): Promise<readonly ComputeRecord[]> {
  const changed = await changeComputes(context, caller, {
    what: 'set-options',
    ids: order.ids,
    compares: 'any-state',
    dryRun: order.dryRun ?? false,
    decide: (record) => {
      refuseEnded(record)
      const before = optionsOf(record.wish)
      const options = changedOptions(before, order.options)
      return JSON.stringify(options) === JSON.stringify(before) ? undefined : { options }
    },
  })
  return changed.map(({ record }) => record)
}
