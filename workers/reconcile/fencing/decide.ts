/**
 * What to do about a host that did not answer, so that its machines may be started elsewhere: pure. A fence command is run by
 * itself only where that helps somebody, and never while no other host answers: then it is we who are cut off.
 */
import { hasRunOut } from '../../../src/model/fencing'
import type { Fenced, HostSeen, HostWish } from '../../../src/model/records'

/** Silence after which a configured command is run unasked, ms. */
export const COMMAND_AFTER_MS = 120_000
/** Between two runs of a command that failed, ms. */
export const COMMAND_AGAIN_MS = 60_000
/** How long a command may take where nothing is said, ms. */
export const COMMAND_MS = 60_000

export interface Around {
  /** Another host of the site answers. */
  readonly othersAnswer: 'yes' | 'no'
  /** A machine there could go elsewhere. */
  readonly helps: 'yes' | 'no'
}

export type FenceDecision =
  | { readonly kind: 'give-up'; readonly how: Fenced['how'] }
  | { readonly kind: 'run'; readonly command: readonly string[]; readonly ms: number }
  | { readonly kind: 'nothing' }

const NOTHING: FenceDecision = { kind: 'nothing' }

/** Whether an operator's order to fence it was not carried out yet. */
export const isOrdered = (wish: HostWish, seen: HostSeen): boolean => (wish.fence?.level ?? 0) > (seen.fences ?? 0)

export function decideFence(wish: HostWish, seen: HostSeen, around: Around, now: number): FenceDecision {
  if (isOrdered(wish, seen))
    return wish.fence?.how === 'confirmed' ? { kind: 'give-up', how: 'confirmed' } : runs(wish, seen, now)
  if (seen.fenced || seen.contact !== 'lost') return NOTHING
  if (wish.fencing?.selfMs !== undefined && hasRunOut(seen.grant, now)) return { kind: 'give-up', how: 'self' }
  const isLong = now - (seen.lostSince ?? now) >= COMMAND_AFTER_MS
  return isLong && around.othersAnswer === 'yes' && around.helps === 'yes' ? runs(wish, seen, now) : NOTHING
}

function runs({ fencing }: HostWish, { fenceRun }: HostSeen, now: number): FenceDecision {
  const command = fencing?.command
  if (command === undefined || command.length === 0) return NOTHING
  const ms = fencing?.commandMs ?? COMMAND_MS
  // One that is under way may be a dead worker's.
  const wait = fenceRun?.outcome === 'running' ? ms + COMMAND_AGAIN_MS : COMMAND_AGAIN_MS
  return fenceRun && now - fenceRun.at < wait ? NOTHING : { kind: 'run', command, ms }
}

/** What its record says once it is given up. */
export const givenUp = (wish: HostWish, seen: HostSeen, how: Fenced['how'], now: number): HostSeen => ({
  ...seen,
  contact: 'lost',
  lostSince: seen.lostSince ?? now,
  grant: null,
  fenced: { how, at: now, boot: seen.boot },
  fences: wish.fence?.level ?? 0,
})
