/**
 * What it means that a look at its provider shows nothing of a machine that ran there, and nobody here ended it. Pure.
 *
 * A provider that says that it was ended is believed at once. Where nobody ordered that and it was never seen past its making, the provider
 * has refused the order, though it took it at first: nothing was on it, and another may have it. One that merely does not show it may do so for a moment after its start,
 * and once in a while later: so it has failed first, is as before should it be shown again, and is lost only an hour later. As long as
 * nobody knows, its place is kept, for whatever is seen without a place would be ended as a leftover.
 */
import { hasFailed } from '../../src/model/lifecycle'
import type { EndedThere, MachineSighting } from '../../src/model/machine'
import type { ComputeRecord } from '../../src/model/records'

/** So long after its start nothing is concluded, ms. */
const UNSURE_MS = 60_000
/** What is not shown for so long is lost, ms. EC2 shows what was terminated for an hour. */
export const UNSHOWN_MS = 60 * 60_000

export type Vanishing =
  /** Nothing is concluded yet. */
  | { readonly kind: 'unsure' }
  /** It has failed, and keeps its place. */
  | { readonly kind: 'unshown'; readonly message: string }
  /** Its provider would not have it after all: it never ran. */
  | { readonly kind: 'refused'; readonly message: string }
  /** It has failed, and nothing is left of it. */
  | { readonly kind: 'lost'; readonly message: string }

const UNSHOWN = 'it is gone from its provider, and nobody here ended it; what was on it is lost'

const WHO: Record<EndedThere['by'], string> = {
  account: 'it was terminated at its provider, and nobody here ordered that',
  guest: 'it shut down and was terminated at its provider',
  provider: 'its provider terminated it',
  unknown: 'it was terminated at its provider, which does not say why; nobody here ordered that',
}

/** An operator ordered another try of what failed: what was lost may be made anew. */
export const isRetried = ({ wish, journal }: ComputeRecord): boolean =>
  journal.failed !== null && journal.failed.retries < wish.retries

/** Undefined: it is there, or was never there. */
export function vanishing(record: ComputeRecord, machine: MachineSighting, now: number): Vanishing | undefined {
  const { seen, journal } = record
  if (!machine.whole || machine.id !== null || seen.startedAt === null || isRetried(record)) return undefined
  const { ended, given } = machine
  // One that was made for it before, and ended then, says nothing of this one.
  if (ended?.forGood && given?.object === seen.object)
    return seen.unbegun && ended.by !== 'account'
      ? { kind: 'refused', message: `its provider ended it before it ran (${ended.why ?? 'it does not say why'})` }
      : { kind: 'lost', message: `${WHO[ended.by]}; what was on it is lost` }
  if (now - seen.startedAt < UNSURE_MS) return { kind: 'unsure' }
  // A disk of it may still be there.
  const isNowhere = machine.domain === 'absent' && hasFailed(record)
  const isLost = isNowhere && journal.failed?.unshown && now - journal.failed.at >= UNSHOWN_MS
  if (isLost) return { kind: 'lost', message: journal.failed?.message ?? UNSHOWN }
  return hasFailed(record) ? undefined : { kind: 'unshown', message: UNSHOWN }
}

/** Whether it is shown again that had failed for not being shown. */
export const isShownAgain = (record: ComputeRecord, machine: MachineSighting): boolean =>
  hasFailed(record) && record.journal.failed?.unshown === true && machine.id !== null

/** When one that is not shown any more is lost, whoever looks at it meanwhile; null: never by itself. */
export function lostAt({ journal: { failed } }: ComputeRecord, now: number): number | null {
  const at = failed?.unshown === true ? failed.at + UNSHOWN_MS : now
  return at > now ? at : null
}
