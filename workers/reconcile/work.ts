/** What every job of a worker is given. */
import type { Clock } from '../../src/clock'
import type { Fetcher } from '../../src/images/fetch'
import type { ImageStore } from '../../src/images/image-store'
import type { Log } from '../../src/log'
import type { Ref } from '../../src/model/ids'
import type { Backfilling, PlacementWish } from '../../src/model/placement'
import type { SealedText } from '../../src/model/records'
import type { Store } from '../../src/store/store'
import type { Driver } from '../drivers/driver'
import type { Shares } from './shares'

/** The arrows of the protocol: tests crash a worker before and after each of them. */
export type Arrow = 'claim' | 'look' | 'list' | 'intent' | 'act' | 'result' | 'sight' | 'place' | 'settle' | 'forget'
export type Point = `${'before' | 'after'}:${Arrow}`

export interface Work {
  readonly store: Store
  /** Tells the workers at once; losing this loses nothing (the agenda has it). */
  readonly queue: { add(refs: readonly Ref[]): Promise<void> }
  /** The driver of that kind; 'unsupported' when there is none. */
  readonly driver: (kind: string) => Driver
  /** Opens what lies sealed in the record of that id. 'unavailable' where this worker has not the key. */
  readonly unseal: (recordId: string, sealed: SealedText) => string
  readonly clock: Clock
  readonly log: Log
  /** Who has how many of the few places of a kind. */
  readonly shares: Shares
  /** The site's image store, and what fetches files for it. */
  readonly images: ImageStore
  readonly fetcher: Fetcher
  /** Where the audit trail is written. */
  readonly auditFolder: string
  /** Where machines are to be that nobody said anything of; absent: striping. */
  readonly placement?: PlacementWish
  /** Who of those that wait with terms gets a time of its own; absent: the first. */
  readonly backfilling?: Backfilling
  /** How often a host is listed, ms; absent: as it suits the host (host-seen.ts). */
  readonly hostPollMs?: number
  /** ms after which a job begins no further effect; absent: as it suits others that wait (compute.ts). */
  readonly onwardMs?: number
  /** Called at each point; throws where a test wants a crash. Nothing in production. */
  readonly at: (point: Point, ref: Ref) => void | Promise<void>
}

/** Does one thing between its two points. */
export async function across<T>(work: Work, arrow: Arrow, ref: Ref, deed: () => Promise<T>): Promise<T> {
  await work.at(`before:${arrow}`, ref)
  const value = await deed()
  await work.at(`after:${arrow}`, ref)
  return value
}

/** When a job is to come again (ms; null: not by itself), or that there is nothing to come back to. */
export type Next = { readonly at: number | null } | 'forgotten'
