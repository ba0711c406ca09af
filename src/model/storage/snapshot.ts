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
  /** Simulated hosts know its contents by this name; absent: by its own. */
  readonly on?: string
  /** Taken of a volume that was never made: nothing but zeros, and no file. */
  readonly blank?: boolean
  /** Why it failed or waits. */
  readonly message: string | null
  readonly completedAt: number | null
}

/** As a volume's intent: announced before its effect is tried, repeated under the same key while its outcome is unknown. */
export interface SnapshotIntent {
  /** `<snapshot>/snapshot/<up|down>/<attempt>` */
  readonly key: string
  readonly direction: 'up' | 'down'
  readonly attempt: number
  readonly at: number
  readonly outcome: 'open' | 'running' | 'done' | 'failed'
}

/** The disk on its host, and what guards it there: its volume, or its machine. */
export interface SnapshotSource {
  readonly host: HostId
  readonly resource: string
  readonly disk: string
}

export interface SnapshotJournal {
  readonly intent: SnapshotIntent | null
  readonly attempts: number
  /** Refusals in a row. */
  readonly failures: number
  /** Something of it may lie there; null: nothing of it is on any host. */
  readonly left: SnapshotSource | null
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
export const SNAPSHOT_NOTHING_DONE: SnapshotJournal = { intent: null, attempts: 0, failures: 0, left: null }

/** Whether an account may use it that is not its owner. */
export const isSnapshotSharedWith = ({ wish }: Pick<SnapshotRecord, 'wish'>, account: string): boolean =>
  wish.sharedWith.some((one) => one === 'all' || one === account)

/** What a volume is made of: the snapshot's contents as they were when the volume was ordered, whatever becomes of the snapshot. */
export interface VolumeSource {
  /** `snap-…` */
  readonly snapshot: string
  readonly sizeGiB: number
  /** In the image store; null: simulated, or nothing but zeros. */
  readonly file: ImageFile | null
  /** By which simulated hosts know it. */
  readonly on: string
  readonly blank: boolean
}

export const sourceOf = ({ wish, seen }: SnapshotRecord): VolumeSource => ({
  snapshot: wish.name,
  sizeGiB: wish.sizeGiB,
  file: seen.file,
  on: seen.on ?? wish.name,
  blank: seen.blank ?? false,
})

/** Whether an intent's key is a snapshot's: its work holds a machine or a volume for a while and is nobody's to end. */
export const isSnapshotKey = (key: string): boolean => key.split('/')[1] === 'snapshot'
