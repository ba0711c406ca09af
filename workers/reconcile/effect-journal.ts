/**
 * What becomes of a journal of one effect at a time (a volume's, an address's): announcing it, and each way in which it can come out. Pure.
 * The intent is repeated under its key while its outcome is unknown; every other decision draws a new attempt.
 */
import type { Fault } from '../../src/faults'

interface EffectIntent {
  readonly outcome: 'open' | 'running' | 'done' | 'failed'
}

interface EffectJournal<I extends EffectIntent> {
  readonly intent: I | null
  readonly attempts: number
  /** Refusals in a row. */
  readonly failures: number
  readonly trouble: { readonly kind: string; readonly message: string; readonly at: number } | null
  /** Refused again and again; tried on, ever more seldom. */
  readonly stuck: { readonly since: number; readonly message: string } | null
}

export interface Announced<I extends EffectIntent> {
  readonly journal: EffectJournal<I>
  readonly intent: I
}

/** Refusals in a row after which it is told as stuck; a snapshot has failed then. */
export const EFFECT_TRIES = 5

/** `repeated`: the former intent while its outcome is unknown; `draw`: a new one; `isSame`: whether the former was of the same decision. */
export function announced<I extends EffectIntent>(
  journal: EffectJournal<I>,
  by: {
    readonly repeated: I | undefined
    readonly draw: (attempt: number) => I
    readonly isSame: (former: I) => boolean
  },
): Announced<I> {
  if (by.repeated !== undefined) {
    const intent: I = { ...by.repeated, outcome: 'open' }
    return { journal: { ...journal, intent }, intent }
  }
  const attempts = journal.attempts + 1
  const intent = by.draw(attempts)
  const inARow = journal.intent !== null && by.isSame(journal.intent)
  const kept = inARow ? journal : { ...journal, failures: 0, trouble: null, stuck: null }
  return { journal: { ...kept, intent, attempts }, intent }
}

const ended = <I extends EffectIntent>(journal: EffectJournal<I>, outcome: I['outcome']): EffectJournal<I> => ({
  ...journal,
  intent: journal.intent && { ...journal.intent, outcome },
})

export const done = <I extends EffectIntent>(journal: EffectJournal<I>): EffectJournal<I> => ({
  ...ended(journal, 'done'),
  failures: 0,
  trouble: null,
  stuck: null,
})

export const underWay = <I extends EffectIntent>(journal: EffectJournal<I>): EffectJournal<I> =>
  ended(journal, 'running')

/** No answer, or no room: the intent stays as it is. The time of the first such trouble stays, delays grow with it. */
export function troubled<I extends EffectIntent>(
  journal: EffectJournal<I>,
  { kind, message }: { readonly kind: string; readonly message: string },
  now: number,
): EffectJournal<I> {
  const { trouble } = journal
  if (trouble?.kind === kind && trouble.message === message) return journal
  return { ...journal, trouble: { kind, message, at: trouble?.kind === kind ? trouble.at : now } }
}

/** It was refused, and would be again; what is not supported is never tried again in vain. */
export function refused<I extends EffectIntent>(
  journal: EffectJournal<I>,
  fault: Pick<Fault, 'kind' | 'message'>,
  now: number,
): EffectJournal<I> {
  const failures = journal.failures + 1
  const told = { ...troubled(ended(journal, 'failed'), fault, now), failures }
  return failures >= EFFECT_TRIES || fault.kind === 'unsupported' ? stuckFor(told, fault.message, now) : told
}

/** Told as stuck, since the first time that it was. */
export const stuckFor = <I extends EffectIntent>(
  journal: EffectJournal<I>,
  message: string,
  now: number,
): EffectJournal<I> => ({ ...journal, stuck: journal.stuck ?? { since: now, message } })
