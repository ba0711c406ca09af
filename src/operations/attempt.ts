/**
 * One wish: read, decide, write in one script. The operation id is drawn before the first try, so a resend
 * after a lost reply changes nothing twice. When something moved between the reading and the writing, the whole is decided
 * again from fresh records; two who fight over one machine both get through, one after the other.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { asFault, fault } from '../faults'
import { formatRef, type Ref } from '../model/ids'
import type { Actor, Change, ChangeResult } from '../store/store'
import type { Context } from './context'

/** What to write and what to answer when it is written. No change: there is nothing to write. */
export interface Proposal<T> {
  readonly change: Omit<Change, 'operationId' | 'actor' | 'what' | 'answer'> | undefined
  readonly value: T
  /** Kept with the change, for who sends the same client token again. */
  readonly answer?: Readonly<Record<string, unknown>>
}

/** One decision, on what is there now; asked again, it decides anew. */
export type Propose<T> = (context: Context, refusal: Refusal | undefined) => Promise<Proposal<T>>

/** Why the last proposal was not written. */
export type Refusal = Exclude<ChangeResult, { readonly state: 'done' | 'repeated' }>

const TRIES = 12
const RESENDS = 2
const RESEND_AFTER_MS = 60
/** A try that took so long waited in vain for Redis: the caller is told so instead of waiting again. */
const PATIENCE_MS = 2_000

/**
 * Proposes until a proposal is written. `propose` is given the refusal of the one before (undefined at first), reads what it
 * needs, and throws a fault for what it cannot get around; 'moved' needs no more than reading again.
 * Faults: whatever `propose` throws; 'conflict' after a bounded number of tries; 'unavailable'.
 */
export async function attempt<T>(
  context: Context,
  actor: Actor,
  what: string,
  propose: (refusal: Refusal | undefined) => Promise<Proposal<T>>,
): Promise<T> {
  const operationId = randomUUID()
  const values: T[] = []
  let refusal: Refusal | undefined
  while (values.length < TRIES) {
    const { change, value, answer } = await propose(refusal)
    if (change === undefined) return value
    const proposal = values.push(value) - 1
    const result = await send(context, { ...change, operationId, actor, what, answer: { ...answer, proposal } })
    if (result.state === 'done' || result.state === 'repeated') {
      tell(context, change)
      return values[written(result.answer) ?? proposal] ?? value
    }
    refusal = result
  }
  throw fault('conflict', 'others keep changing this at the same time; try again', {
    ...(refusal?.state === 'moved' ? { subject: refusal.ref } : {}),
  })
}

/** One decision, written by itself: as `attempt`. */
export const attemptOne = <T>(context: Context, actor: Actor, what: string, propose: Propose<T>): Promise<T> =>
  attempt(context, actor, what, (refusal) => propose(context, refusal))

/** Which proposal it was that got through, by the answer kept with the operation id. */
function written(answer: unknown): number | undefined {
  const proposal = typeof answer === 'object' && answer !== null && 'proposal' in answer ? answer.proposal : undefined
  return typeof proposal === 'number' ? proposal : undefined
}

/** The same change again when its outcome is unknown: the operation id makes it safe. */
async function send(context: Context, change: Change): Promise<ChangeResult> {
  const startedAt = performance.now()
  for (let resends = 0; ; resends++) {
    try {
      return await context.store.change(change, context.clock.now())
    } catch (thrown) {
      const failure = asFault(thrown)
      const late = performance.now() - startedAt > PATIENCE_MS
      if (failure.kind !== 'unavailable' || resends === RESENDS || late) throw failure
      await wait(RESEND_AFTER_MS * (resends + 1))
    }
  }
}

/** The workers hear of it at once. Losing this loses nothing: the agenda has it. */
function tell(context: Context, change: NonNullable<Proposal<unknown>['change']>): void {
  const refs = new Map<string, Ref>()
  const waiting = new Set(change.waiting ?? [])
  // A machine that waits for a place has nothing for its own job to do; placement (which the script has woken) wakes it.
  const woken = [...(change.creates ?? []), ...(change.updates ?? [])]
    .filter((entry) => entry.wake && !(entry.ref.kind === 'compute' && waiting.has(entry.ref.id)))
    .map((entry) => entry.ref)
  const placement: readonly Ref[] = waiting.size === 0 ? [] : [{ kind: 'placement', id: 'site' }]
  for (const ref of [...woken, ...(change.wakes ?? []), ...placement]) refs.set(formatRef(ref), ref)
  if (refs.size === 0) return
  context.queue
    .add([...refs.values()])
    .catch((cause) => context.log.debug({ err: cause, refs: refs.size }, 'queue not told; the agenda has it'))
}
