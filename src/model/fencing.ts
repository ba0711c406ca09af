/**
 * Self-fencing: how a host that nobody hears of is known to run no restartable machine any more. Pure.
 *
 * Theory of operation. Each answer of a host to a probe carries its uptime U (its own clock since its start, so that no wall
 * clock matters). Under its claim of the host the worker writes the **grant** (boot, U, T) into the host's record, with the
 * time of writing W; a later probe, which read that record, hands it back to the host. The host's watch ends every machine that
 * is marked restartable as soon as its uptime passes U + T of the grant last handed back, refuses to start one, and goes on
 * ending what still comes up until it is granted more time. The gateway gives the host up at W + 2T of the grant last *written*.
 *
 *   - U was read before W, so the host acts before W + T by any clock that runs at the same rate; the other T is for ending the
 *     machines, for the rate and for the difference between the clocks of two workers. Nothing depends on messages arriving.
 *   - A grant is handed back only after it was written, so the host never holds one that the record does not know. Handed back
 *     late, or twice, it ends no later: it is counted from U.
 *   - The host may still hold an older one than that last written. With the same T that ends earlier. After T was made shorter it
 *     ends later: so a grant says as well what the host held when it answered, and that is counted on as long as it is more.
 *   - The script that gives the host up raises the record's epoch. A worker that froze between the answer and its writing is
 *     then refused, and what was refused is never handed back.
 *   - A grant names the boot: after a restart of the host nothing marked runs there before the host was granted time anew. The
 *     very first order to watch begins with the uptime at which it arrives: no record knows a grant then, so nobody counts.
 *   - Orders name the epoch of the claim that read the record; the watch takes none of an older one, and says with each answer which epoch it
 *     goes by. A store that was restored from a backup claims below that: nothing it brings is taken, and all that is marked would end. So a
 *     worker that is told a newer epoch than its own, under a claim that still holds, claims above it, which begins a new era.
 *   - T is a grant's own: changing it never stretches one that was written before.
 *   - A watch that is not wanted any more goes on as it is until the record has forgotten its grant: a record never counts on a
 *     watch that was told to end.
 *   - A worker may freeze with a start in its hands, and wake when its host was given up and is back. So the first order to a
 *     host that was given up brings a **floor**, which no claim made before may pass, and no grant is written before what was
 *     given up there has been cleared: till then nothing that is marked starts. What is not marked (a host that was switched
 *     off, and fences nothing itself) could be started in the moment between the host's return and its first answer; the same
 *     answer's job ends it.
 *
 * Only a machine whose mark was *seen* on the host counts as ended by it. A mark is taken off under an intent like any effect:
 * while such an intent is open, the machine does not count.
 */
import { compareEpochs, type Epoch } from './epoch'

/** Time that a host was granted: written into its record before it is handed back. */
export interface Grant {
  readonly boot: string
  /** The host's own clock when it answered, ms since its start. */
  readonly uptimeMs: number
  /** T, ms. */
  readonly lastsMs: number
  /** What the host held when it answered, counted from U, ms; absent: no more than T. */
  readonly heldMs?: number
  /** W, ms since 1970. */
  readonly at: number
}

/** What a probe brings to a host's watch. */
export type WatchOrder = {
  /** Of the host's claim. */
  readonly epoch: Epoch
  /** The host was given up since it was heard of last: claims older than this one are refused there, of every resource. */
  readonly floor: Epoch | null
} & (
  | { readonly state: 'off' }
  | {
      readonly state: 'on'
      /** For a watch that begins. */
      readonly lastsMs: number
      readonly granted: Omit<Grant, 'at'> | null
    }
)

/** What a host says of its watch. */
export interface WatchSighting {
  readonly uptimeMs: number
  /** It is ordered and its process runs. */
  readonly isOn: boolean
  /** Until when machines marked restartable may run, by the host's uptime; null: it was granted nothing since it started. */
  readonly endsMs: number | null
  /** Of the newest order that it took; absent: it is not ordered to watch. */
  readonly epoch?: Epoch
}

/** What a host's watch keeps, on disk. */
export interface WatchState {
  readonly epoch: Epoch
  readonly boot: string
  readonly uptimeMs: number
  readonly lastsMs: number
}

export const LASTS_MS = { least: 15_000, usual: 60_000, most: 3_600_000 } as const

/** How often a host that fences itself is asked at most, ms: three answers in a row may be lost. */
export const askEvery = (lastsMs: number): number => Math.floor(lastsMs / 6)

/** The grant to write after an answer; null where nothing watches, and so nothing may be counted on. */
export const nextGrant = (
  boot: string,
  watch: WatchSighting | undefined,
  lastsMs: number,
  now: number,
): Grant | null => {
  if (watch?.isOn !== true) return null
  const grant = { boot, uptimeMs: watch.uptimeMs, lastsMs, at: now }
  const heldMs = (watch.endsMs ?? 0) - watch.uptimeMs
  return heldMs > lastsMs ? { ...grant, heldMs } : grant
}

/** How long the host may go on by it, counted from W, ms. */
export const mayLast = ({ lastsMs, heldMs = 0 }: Grant): number => Math.max(lastsMs, heldMs)

/** When every machine that was marked on the host has been ended by its watch. */
export const runsOutAt = (grant: Grant): number => grant.at + 2 * mayLast(grant)

export const hasRunOut = (grant: Grant | null | undefined, now: number): boolean =>
  grant !== null && grant !== undefined && now >= runsOutAt(grant)

/** Whether the host waits for time that was written already: it is to be asked again at once. */
export const waitsForGrant = (watch: WatchSighting | undefined): boolean =>
  watch?.isOn === true && (watch.endsMs === null || watch.endsMs <= watch.uptimeMs)

/** What the next probe brings, by the host's record as the claim of this epoch read it. */
export function watchOrder(
  host: { readonly lastsMs: number | null; readonly grant: Grant | null; readonly wasGivenUp: boolean },
  epoch: Epoch,
): WatchOrder {
  const { lastsMs, grant, wasGivenUp } = host
  const floor = wasGivenUp ? epoch : null
  const granted = grant && { boot: grant.boot, uptimeMs: grant.uptimeMs, lastsMs: grant.lastsMs }
  const lasts = lastsMs ?? granted?.lastsMs
  return lasts === undefined ? { state: 'off', epoch, floor } : { state: 'on', epoch, floor, lastsMs: lasts, granted }
}

/** What the watch keeps after an order; null: it is off. The rule of the simulator and, in shell, of a real host's guard. */
export function watched(
  kept: WatchState | null,
  order: WatchOrder,
  here: { readonly boot: string; readonly uptimeMs: number },
): WatchState | null {
  if (kept !== null && compareEpochs(order.epoch, kept.epoch) < 0) return kept
  if (order.state === 'off') return null
  const { epoch, granted } = order
  if (kept === null) return { epoch, boot: here.boot, uptimeMs: here.uptimeMs, lastsMs: order.lastsMs }
  const isTaken =
    granted !== null &&
    granted.boot === here.boot &&
    granted.uptimeMs <= here.uptimeMs &&
    (kept.boot !== here.boot || granted.uptimeMs > kept.uptimeMs)
  return isTaken ? { epoch, ...granted } : { ...kept, epoch }
}

/** Until when marked machines may run, by the host's uptime; null: not at all. */
export const endsAt = (kept: WatchState, boot: string): number | null =>
  kept.boot === boot ? kept.uptimeMs + kept.lastsMs : null

/** Whether machines that are marked restartable are to be ended, and none started. */
export function isOver(kept: WatchState | null, here: { readonly boot: string; readonly uptimeMs: number }): boolean {
  if (kept === null) return false
  const end = endsAt(kept, here.boot)
  return end === null || here.uptimeMs >= end
}
