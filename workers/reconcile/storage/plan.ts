/**
 * What to do next for a volume that has a place: a pure function of its record and of one guarded look at its host. As for
 * machines, a plan is at most one effect; the same decision while its outcome is unknown repeats its intent under the same key.
 */
import { isUnsettled } from '../../../src/model/intents'
import type { MachineSighting } from '../../../src/model/machine'
import { isSnapshotKey, type StorageIntent, type StorageRecord, type StorageStep } from '../../../src/model/storage'
import { SHOWN_MS } from '../backoff'

export interface StorageDeed {
  readonly step: StorageStep
  readonly direction: 'up' | 'down'
  readonly sizeGiB: number
}

export type StorageDecision =
  | ({ readonly kind: 'do' } & StorageDeed)
  /** Detached work is under way: ours goes on, anything else is ended first. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'cancel'; readonly key: string }
  /** Its disk is gone although it was there. */
  | { readonly kind: 'vanished' }
  /** It is to be larger, and can be once its machine is stopped. */
  | { readonly kind: 'open' }
  /** Deleted, and its machine may still have it. */
  | { readonly kind: 'held' }
  /** Deleted, and what was ordered at its provider may not be shown yet. */
  | { readonly kind: 'unshown' }
  /** Deleted, and nothing of it is left. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'nothing' }

const shownOn = ({ wish }: StorageRecord, { disks }: MachineSighting) => disks.find((disk) => disk.name === wish.name)

/** Its size on the host; undefined: it is not there. */
export const sizeOn = (record: StorageRecord, host: MachineSighting): number | undefined =>
  shownOn(record, host)?.sizeGiB

/** `isHeld`: a machine has the volume, or may have it. */
export function planStorage(
  record: StorageRecord,
  host: MachineSighting,
  isHeld: boolean,
  now: number,
): StorageDecision {
  const decision = record.wish.exists ? upward(record, host) : downward(record, host, isHeld, now)
  if (host.work === null) return decision
  if (isSnapshotKey(host.work.key)) return { kind: 'wait' }
  const isOurs = decision.kind === 'do' && isWorkOf(record.journal.intent, host.work.key, decision)
  return isOurs ? { kind: 'wait' } : { kind: 'cancel', key: host.work.key }
}

function upward(record: StorageRecord, host: MachineSighting): StorageDecision {
  const { sizeGiB } = record.wish
  const there = sizeOn(record, host)
  if (there === undefined)
    return record.seen.madeAt === null ? { kind: 'do', step: 'disk', direction: 'up', sizeGiB } : { kind: 'vanished' }
  if (there >= sizeGiB) return { kind: 'nothing' }
  return shownOn(record, host)?.open ? { kind: 'open' } : { kind: 'do', step: 'grow', direction: 'up', sizeGiB }
}

function downward(record: StorageRecord, host: MachineSighting, isHeld: boolean, now: number): StorageDecision {
  const there = sizeOn(record, host)
  if (there === undefined) return { kind: mayShowYet(record, host, now) ? 'unshown' : 'leave' }
  return isHeld ? { kind: 'held' } : { kind: 'do', step: 'disk', direction: 'down', sizeGiB: there }
}

/** A host shows what it has, a provider a little later: what it was asked for, whether it answered or not, and what it made just now. */
function mayShowYet({ wish, seen, journal }: StorageRecord, { whole }: MachineSighting, now: number): boolean {
  const { intent } = journal
  if (!whole || intent === null || intent.direction === 'down') return false
  // An intent tells of its first try; the last one was sent before it was deleted.
  const asked = isUnsettled(intent) ? Math.max(intent.at, wish.deletedAt ?? 0) : undefined
  return [asked, seen.madeAt].some((at) => typeof at === 'number' && now - at < SHOWN_MS)
}

/** Whether an intent is of this decision. */
export const isSameDeed = (intent: StorageIntent, deed: StorageDeed): boolean =>
  intent.step === deed.step && intent.direction === deed.direction && intent.sizeGiB === deed.sizeGiB

const isWorkOf = (intent: StorageIntent | null, key: string, deed: StorageDeed): boolean =>
  intent?.key === key && isSameDeed(intent, deed)

/** The intent that a deed repeats because its outcome is unknown: it must then keep its key. */
export function repeatedStorage({ journal, place }: StorageRecord, deed: StorageDeed): StorageIntent | undefined {
  const { intent } = journal
  if (intent === null || intent.host !== place.host || !isSameDeed(intent, deed)) return undefined
  return isUnsettled(intent) ? intent : undefined
}
