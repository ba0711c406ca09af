/**
 * The guard's rules, as data in and data out. Every host keeps, per resource (machine, volume, network), what `Held` says, on
 * disk; the simulator keeps it in its files, a real host in a folder per resource. Both are tested by the same vectors.
 *
 * What may race, and why it is safe:
 *   two workers        the newest epoch wins; an older one is refused, looks too, so after a look by a newer claim a frozen
 *                      older worker can do nothing any more. `ends` says that the older one's attached command ends first.
 *   a lost answer      the result lies under the intent's key and is answered again; nothing is done a second time.
 *   slow work          belongs to its key, not to an epoch: a newer claim adopts it by naming the key or ends it by cancel.
 *   a late first try   `cancel` of a key that never arrived leaves a refusal under it, so it cannot start afterwards.
 *   a restored backup  attempt numbers may go back with it, so a result is answered again only within its own era.
 */
import { compareEpochs, type Epoch, NO_EPOCH } from '../../../src/model/epoch'

/** What an effect came to, as it is kept and answered again. */
export type Result = { readonly state: 'done' } | { readonly state: 'refused'; readonly message: string }

export interface Kept {
  readonly key: string
  /** Era of the claim under which it was done. */
  readonly era: number
  readonly result: Result
}

/** What the guard keeps of one resource. */
export interface Held {
  readonly epoch: Epoch
  /** Oldest first, at most KEPT_RESULTS. */
  readonly results: readonly Kept[]
  /** Key of the detached work under way. */
  readonly work: string | null
}

export type Ask =
  | { readonly kind: 'look'; readonly epoch: Epoch }
  | { readonly kind: 'effect'; readonly epoch: Epoch; readonly key: string }
  | { readonly kind: 'cancel'; readonly epoch: Epoch; readonly key: string }

export type Decision =
  /** Refused; the epoch held goes back to the asker. */
  | { readonly say: 'stale'; readonly held: Epoch }
  /** Refused; detached work of another intent is under way. */
  | { readonly say: 'busy'; readonly key: string }
  /** Done before under this key. */
  | { readonly say: 'again'; readonly result: Result }
  /** This very work is under way: adopted. */
  | { readonly say: 'running' }
  /** Go ahead. */
  | { readonly say: 'look' | 'act' }
  /** End the work of this key (`end`), or there is none under way (`ended`). */
  | { readonly say: 'end' | 'ended' }

export interface Verdict {
  readonly decision: Decision
  /** To be on disk before anything is done. */
  readonly next: Held
  /** An attached command of an older epoch has to be ended (its process group) before anything is done. */
  readonly ends: boolean
}

/** Only the newest intent can still be repeated; the rest is for slow networks. */
export const KEPT_RESULTS = 16

/** What a guard holds of a resource that it does not know: nothing at or below the floor is taken. */
const unknown: Held = { epoch: NO_EPOCH, results: [], work: null }

/** Decides one call. `held` is undefined for a resource that the guard does not know; then `floor` decides. */
export function decide(held: Held | undefined, floor: Epoch, ask: Ask): Verdict {
  const before = held ?? unknown
  const older = held ? compareEpochs(ask.epoch, held.epoch) < 0 : compareEpochs(ask.epoch, floor) <= 0
  if (older) return { decision: { say: 'stale', held: held?.epoch ?? floor }, next: before, ends: false }
  const newer = compareEpochs(ask.epoch, before.epoch) > 0
  const next = newer ? { ...before, epoch: ask.epoch } : before
  return { ...within(next, ask), ends: held !== undefined && newer }
}

/** The call's epoch is the newest: what its key and the work under way allow. */
function within(held: Held, ask: Ask): Omit<Verdict, 'ends'> {
  if (ask.kind === 'look') return { decision: { say: 'look' }, next: held }
  const kept = resultOf(held, ask.key)
  if (ask.kind === 'cancel') {
    if (held.work === ask.key) return { decision: { say: 'end' }, next: held }
    return { decision: { say: 'ended' }, next: kept ? held : keep(held, ask.key, CANCELLED) }
  }
  if (kept) return { decision: { say: 'again', result: kept }, next: held }
  if (held.work === ask.key) return { decision: { say: 'running' }, next: held }
  if (held.work !== null) return { decision: { say: 'busy', key: held.work }, next: held }
  return { decision: { say: 'act' }, next: held }
}

const CANCELLED: Result = { state: 'refused', message: 'it was cancelled' }

/** The result kept under a key in the present era. */
const resultOf = (held: Held, key: string): Result | undefined =>
  held.results.find((kept) => kept.key === key && kept.era === held.epoch.era)?.result

/** Keeps a result under its key; work of that key is over. */
export const keep = (held: Held, key: string, result: Result): Held => ({
  ...held,
  results: [...held.results.filter((kept) => kept.key !== key), { key, era: held.epoch.era, result }].slice(
    -KEPT_RESULTS,
  ),
  work: held.work === key ? null : held.work,
})

/** The effect goes on detached under its key. */
export const detach = (held: Held, key: string): Held => ({ ...held, work: key })

/** Ends detached work before it is through: its key answers that it was cancelled. */
export const cancelled = (held: Held, key: string): Held => keep(held, key, CANCELLED)
