import { fault } from '../../faults'
import { isRunning, RUNNING_STUDY, type StudyRecord, type StudyWish } from '../../model/records'
import type { Take } from '../../store/store'
import { attempt, type Refusal } from '../attempt'
import type { Context, Operator } from '../context'
import { findStudy } from './read'

/** One plan runs at a time: the next one is made of what it leaves. */
export const runStudy = (context: Context, operator: Operator, id: string): Promise<StudyRecord> =>
  changed(context, operator, id, 'run-study', (study, refusal) => {
    const { wish, seen } = study
    if (seen?.answer.kind !== 'rebalance')
      throw state(study, seen === null ? 'was not answered yet' : 'is no plan that could be run')
    if (wish.run) throw state(study, 'was run already; make another one')
    const other = context.mirror.all('study').find(isRunning)
    if (other) throw state(study, `has to wait: the plan ${other.id} runs`)
    // Another gateway was faster, and this one has not heard of it.
    if (refusal?.state === 'taken') throw state(study, 'has to wait: another plan runs')
    const run = { at: context.clock.now(), by: operator.actor.user }
    return { wish: { ...wish, run }, takes: [{ ...RUNNING_STUDY, value: `study:${study.id}` }] }
  })

export const cancelStudy = (context: Context, operator: Operator, id: string): Promise<StudyRecord> =>
  changed(context, operator, id, 'cancel-study', (study) => {
    if (!isRunning(study)) throw state(study, 'does not run')
    return { wish: { ...study.wish, cancelled: { at: context.clock.now(), by: operator.actor.user } } }
  })

const state = ({ id }: StudyRecord, because: string) =>
  fault('state', `the study ${id} ${because}`, { subject: { kind: 'study', id } })

interface Decided {
  readonly wish: StudyWish
  readonly takes?: readonly Take[]
}

const changed = (
  context: Context,
  operator: Operator,
  id: string,
  what: string,
  decide: (study: StudyRecord, refusal: Refusal | undefined) => Decided,
): Promise<StudyRecord> =>
  attempt(context, operator.actor, what, async (refusal) => {
    const study = await findStudy(context, id)
    const { wish, takes } = decide(study, refusal)
    const { project, generation } = study
    const ref = { kind: 'study', id: study.id } as const
    const value: StudyRecord = { ...study, rev: study.rev + 1, generation: generation + 1, wish }
    return {
      value,
      change: {
        updates: [{ ref, project, generation, wish, raisePhase: false, wake: true }],
        ...(takes ? { takes } : {}),
      },
    }
  })
