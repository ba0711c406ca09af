import { fault } from '../../faults'
import { isRunning, type StudyRecord, type StudyWish } from '../../model/records'
import { attempt } from '../attempt'
import type { Context, Operator } from '../context'
import { findStudy } from './read'

/** One plan runs at a time: the next one is made of what it leaves. */
export const runStudy = (context: Context, operator: Operator, id: string): Promise<StudyRecord> =>
  changed(context, operator, id, 'run-study', (study) => {
    const { wish, seen } = study
    if (seen?.answer.kind !== 'rebalance')
      throw state(study, seen === null ? 'was not answered yet' : 'is no plan that could be run')
    if (wish.run) throw state(study, 'was run already; make another one')
    const other = context.mirror.all('study').find(isRunning)
    if (other) throw state(study, `has to wait: the plan ${other.id} runs`)
    return { ...wish, run: { at: context.clock.now(), by: operator.actor.user } }
  })

export const cancelStudy = (context: Context, operator: Operator, id: string): Promise<StudyRecord> =>
  changed(context, operator, id, 'cancel-study', (study) => {
    if (!isRunning(study)) throw state(study, 'does not run')
    return { ...study.wish, cancelled: { at: context.clock.now(), by: operator.actor.user } }
  })

const state = ({ id }: StudyRecord, because: string) =>
  fault('state', `the study ${id} ${because}`, { subject: { kind: 'study', id } })

const changed = (
  context: Context,
  operator: Operator,
  id: string,
  what: string,
  decide: (study: StudyRecord) => StudyWish,
): Promise<StudyRecord> =>
  attempt(context, operator.actor, what, async () => {
    const study = await findStudy(context, id)
    const wish = decide(study)
    const { project, generation } = study
    const ref = { kind: 'study', id: study.id } as const
    const value: StudyRecord = { ...study, rev: study.rev + 1, generation: generation + 1, wish }
    return { value, change: { updates: [{ ref, project, generation, wish, raisePhase: false, wake: true }] } }
  })
