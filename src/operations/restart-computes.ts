/** Restarting running machines, by asking the guest (warm) or by a reset (cold): OCCI restart, EC2 RebootInstances. */
import { accepts } from '../model/lifecycle'
import { changeComputes } from './change-computes'
import type { Caller, Context } from './context'
import type { Changed, Operations } from './operations'
import { refused } from './set-power'

export type RestartOrder = Parameters<Operations['restartComputes']>[1]

/** Faults: 'state' with subject and `allowed`, 'not-found', 'too-large', 'conflict', 'unavailable'. */
export const restartComputes = (context: Context, caller: Caller, order: RestartOrder): Promise<readonly Changed[]> => {
  const verb = order.how === 'warm' ? 'restart' : 'reset'
  return changeComputes(context, caller, {
    what: verb,
    ids: order.ids,
    compares: 'phase',
    dryRun: order.dryRun ?? false,
    decide: (record, state) => {
      if (!record.wish.exists || accepts(verb, state) !== 'yes') throw refused(record, verb, state)
      // A level, not a verb: whoever looks sees that one more restart is due than was done.
      return verb === 'restart' ? { boots: record.wish.boots + 1 } : { resets: record.wish.resets + 1 }
    },
  })
}
