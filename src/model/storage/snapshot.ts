/**
 * A snapshot: the contents of a volume or root disk at one time, kept as a file in the site's image store, never only on a
 * host (EC2 Snapshot). Its job looks at the disk's host, has it copied, and writes here what came of it.
 */
import type { Envelope } from '../envelope'
import type { ComputeId, HostId, SnapshotId, StorageId } from '../ids'
import type { ImageFile } from '../images'

/** Which disk: a volume, a machine's own disk, or none (imported, or copied from another snapshot's file). */
export type SnapshotOf =
  | { readonly kind: 'storage'; readonly id: StorageId }
  | { readonly kind: 'root'; readonly id: ComputeId; readonly disk: string }
  | { readonly kind: 'file' }

export interface SnapshotWish {
  readonly exists: boolean
  /** `snap-…` */
  readonly name: string
  readonly of: SnapshotOf
  /** `vol-…` that EC2 shows as its volume; 'vol-ffffffff' where there is none, as EC2 does. */
  readonly volume: string
  /** Of the volume when it was taken, GiB. */
  readonly sizeGiB: number
  readonly description: string
  readonly tags: Readonly<Record<string, string>>
  /** Accounts that may use it beside its own; 'all' for everybody. */
  readonly sharedWith: readonly string[]
  readonly createdAt: number
  readonly createdBy: string
  readonly deletedAt: number | null
}

export interface SnapshotSeen {
  /** ms; 0: never looked at. */
  readonly at: number
  readonly state: 'pending' | 'completed' | 'error'
  readonly percent: number
  /** Where its contents lie; null until it is completed, and for a simulated disk, which has none. */
  readonly file: ImageFile | null
  /** Why it failed or waits. */
  readonly message: string | null
  readonly completedAt: number | null
}

export interface SnapshotJournal {
  /** The intent's key while its outcome is unknown or it runs: repeated under the same key. */
  readonly intent: { readonly key: string; readonly attempt: number; readonly host: HostId; readonly at: number } | null
  readonly attempts: number
  readonly failures: number
}

export type SnapshotRecord = Envelope<'snapshot', SnapshotId, SnapshotWish, SnapshotSeen, SnapshotJournal, null>

export const SNAPSHOT_NEVER_SEEN: SnapshotSeen = {
  at: 0,
  state: 'pending',
  percent: 0,
  file: null,
  message: null,
  completedAt: null,
}
export const SNAPSHOT_NOTHING_DONE: SnapshotJournal = { intent: null, attempts: 0, failures: 0 }
