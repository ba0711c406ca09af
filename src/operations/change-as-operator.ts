import { fault } from '../faults'
import type { ComputeRecord } from '../model/records'
import { asOwner } from './as-owner'
import { changeComputes, type Decide } from './change-computes'
import type { Context, Operator } from './context'
import { findCompute } from './watch-computes'

/** Changes one machine's wish on an operator's order, whosever it is. Faults: as changeComputes's. */
export async function changeAsOperator(
  context: Context,
  operator: Operator,
  nameOrId: string,
  what: string,
  decide: Decide,
): Promise<ComputeRecord> {
  const { id, project } = await findCompute(context, nameOrId)
  if (project === null) throw fault('internal', 'a machine without a project')
  const order = { what, ids: [id], compares: 'phase', dryRun: false, decide } as const
  const [changed] = await changeComputes(context, asOwner(operator, project), order)
  if (!changed) throw fault('not-found', `there is no machine ${nameOrId}`, { subject: { kind: 'compute', id } })
  return changed.record
}
