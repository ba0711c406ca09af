/**
 * What waits for an operator: an undo that is refused again and again, or a machine that failed wherever it was tried.
 * Both orders are levels on the wish, so they reach whichever worker looks next.
 */
import { fault } from '../faults'
import { hasFailed, isStuck, lifecycle, stateMessage } from '../model/lifecycle'
import type { ComputeRecord } from '../model/records'
import { changeAsOperator } from './change-as-operator'
import type { Context, Operator } from './context'
import type { StuckMachine } from './operations'
import { freshEverywhere } from './watch-computes'

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
      const since = (what === 'stuck' ? stuck?.since : (record.place.waiting?.gaveUp?.at ?? failed?.at)) ?? 0
      return { record, project, what, since, message: stateMessage(record) ?? '' }
    })
    .sort((a, b) => a.since - b.since)
}

const waitsForOperator = (record: ComputeRecord): boolean =>
  lifecycle(record) !== 'done' && (isStuck(record) || hasFailed(record))

/** Orders another try of what is stuck or failed. Faults: 'not-found', 'state' when it is neither. */
export const resumeStuck = (context: Context, operator: Operator, nameOrId: string): Promise<ComputeRecord> =>
  changeAsOperator(context, operator, nameOrId, 'resume-stuck', (record) => {
    if (!waitsForOperator(record)) throw notAccepted(record, 'is neither stuck nor failed')
    return { retries: record.wish.retries + 1 }
  })

/**
 * What is left on its host is forgotten: the record goes its way without it. For what is stuck, and for what was deleted while
 * its host is away for good. Faults: 'not-found', 'state' for any other.
 */
export const giveUpStuck = (context: Context, operator: Operator, nameOrId: string): Promise<ComputeRecord> =>
  changeAsOperator(context, operator, nameOrId, 'give-up-stuck', (record, state) => {
    const ends = !record.wish.exists && state !== 'done'
    if (!ends && !isStuck(record)) throw notAccepted(record, 'is neither stuck nor being deleted')
    return record.wish.abandoned ? undefined : { abandoned: true }
  })

const notAccepted = ({ id, wish }: ComputeRecord, because: string) =>
  fault('state', `the machine ${wish.name} ${because}`, { subject: { kind: 'compute', id }, allowed: [] })
