/**
 * What waits for an operator: an undo that is refused again and again, or a machine that failed wherever it was tried.
 * Both orders are levels on the wish, so they reach whichever worker looks next.
 */
import { fault } from '../faults'
import { hasFailed, isStuck, lifecycle, stateMessage } from '../model/lifecycle'
import type { ComputeRecord, ComputeWish } from '../model/records'
import { changeComputes, type Decide } from './change-computes'
import type { Context, Operator } from './context'
import type { StuckMachine } from './operations'
import { findCompute, freshEverywhere } from './watch-computes'

/** Oldest trouble first. */
export async function listStuck(context: Context): Promise<readonly StuckMachine[]> {
  await freshEverywhere(context)
  return context.mirror
    .all('compute')
    .filter(waitsForOperator)
    .map((record): StuckMachine => {
      const project = (record.project && context.mirror.get('project', record.project)?.wish.name) ?? ''
      const { stuck, failed } = record.journal
      const what = isStuck(record) ? 'stuck' : 'failed'
      const since = (what === 'stuck' ? stuck?.since : failed?.at) ?? 0
      return { record, project, what, since, message: stateMessage(record) ?? '' }
    })
    .sort((a, b) => a.since - b.since)
}

const waitsForOperator = (record: ComputeRecord): boolean =>
  lifecycle(record) !== 'done' && (isStuck(record) || hasFailed(record))

/** Orders another try of what is stuck or failed. Faults: 'not-found', 'state' when it is neither. */
export const resumeStuck = (context: Context, operator: Operator, nameOrId: string): Promise<ComputeRecord> =>
  change(context, operator, nameOrId, 'resume-stuck', ({ retries }) => ({ retries: retries + 1 }))

/** What is left on its host is forgotten: the record goes its way without it. Faults: 'not-found', 'state'. */
export const giveUpStuck = (context: Context, operator: Operator, nameOrId: string): Promise<ComputeRecord> =>
  change(context, operator, nameOrId, 'give-up-stuck', () => ({ abandoned: true }))

async function change(
  context: Context,
  operator: Operator,
  nameOrId: string,
  what: string,
  wished: (wish: ComputeWish) => Partial<ComputeWish>,
): Promise<ComputeRecord> {
  const found = await findCompute(context, nameOrId)
  const { project } = found
  if (project === null) throw fault('internal', 'a machine without a project')
  const decide: Decide = (record) => {
    if (waitsForOperator(record)) return wished(record.wish)
    throw fault('state', `the machine ${record.wish.name} is neither stuck nor failed`, {
      subject: { kind: 'compute', id: record.id },
      allowed: [],
    })
  }
  const asOwner = { project, account: '', userName: operator.actor.user, actor: operator.actor }
  const order = { what, ids: [found.id], compares: 'phase', dryRun: false, decide } as const
  const [changed] = await changeComputes(context, asOwner, order)
  return changed?.record ?? found
}
