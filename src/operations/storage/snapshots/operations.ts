/** What a caller may do with snapshots (EC2 snapshots, and images made of machines). Part of `Operations`. */
import type { ComputeId, SnapshotId, StorageId } from '../../../model/ids'
import type { ImageRecord } from '../../../model/records'
import type { SnapshotRecord } from '../../../model/storage'
import type { Caller, Operator } from '../../context'

/** A volume, or a disk of a machine's own by its name ('root'). */
export type SnapshotTarget =
  | { readonly kind: 'storage'; readonly id: StorageId }
  | { readonly kind: 'root'; readonly id: ComputeId; readonly disk: string }

export interface SnapshotOrder {
  readonly of: readonly SnapshotTarget[]
  readonly description?: string
  readonly tags?: Readonly<Record<string, string>>
  /** Instead of `tags`, in the order of `of`. */
  readonly eachTags?: readonly Readonly<Record<string, string>>[]
  readonly dryRun?: boolean
}

export interface MachineImageOrder {
  readonly compute: ComputeId
  readonly name: string
  readonly description?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly snapshotTags?: Readonly<Record<string, string>>
  readonly dryRun?: boolean
}

export interface SnapshotOperations {
  /** All or none, pending until their contents are in the image store. Faults: 'not-found', 'state', 'quota', 'unsupported', 'invalid'. */
  createSnapshots(caller: Caller, order: SnapshotOrder): Promise<readonly SnapshotRecord[]>
  /** Own ones and those shared with the caller, in order of creation. */
  listSnapshots(caller: Caller): Promise<readonly SnapshotRecord[]>
  /** By id, without a round trip: for renderings. */
  snapshot(id: SnapshotId): SnapshotRecord | undefined
  /** All projects'. */
  listAllSnapshots(operator: Operator): Promise<readonly SnapshotRecord[]>
  /** 'in-use' while an image is made of it; 'not-found', 'forbidden' for another's. */
  deleteSnapshot(caller: Caller, id: SnapshotId, how?: { readonly dryRun?: boolean }): Promise<void>
  /** Another snapshot of the same contents, the caller's own. Faults: 'not-found', 'state' (not completed), 'quota'. */
  copySnapshot(
    caller: Caller,
    order: Pick<SnapshotOrder, 'description' | 'tags' | 'dryRun'> & { readonly of: SnapshotId },
  ): Promise<SnapshotRecord>
  /** Accounts, or `all`. Faults: 'not-found', 'forbidden', 'invalid'. */
  shareSnapshot(
    caller: Caller,
    id: SnapshotId,
    change: {
      readonly add: readonly string[]
      readonly remove: readonly string[] | 'everybody'
      readonly dryRun?: boolean
    },
  ): Promise<SnapshotRecord>
  /** A snapshot of the machine's root disk, and an image that is pending until it is completed. */
  createImageOf(caller: Caller, order: MachineImageOrder): Promise<ImageRecord>
}
