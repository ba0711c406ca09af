/** What callers and operators may do with images. Part of `Operations`. */
import type { ImageId, ImportId } from '../../model/ids'
import type { ImageBoot } from '../../model/images'
import type { Digest, ImagePart, ImageRecord, ImageRegistered, ImageWish, ImportRecord } from '../../model/records'
import type { SnapshotRecord, VolumeType } from '../../model/storage'
import type { Caller, Operator } from '../context'
import type { OrderToken } from '../order-token'

/** A file that is not in the store yet: sent in pieces, or fetched. */
export type NewFile =
  | { readonly from: 'upload'; readonly bytes: number; readonly digest?: Digest }
  | {
      readonly from: 'url'
      readonly url: string
      readonly digest?: Digest
      /** Where its vendor publishes its digest. */
      readonly checksums?: { readonly url: string; readonly algorithm: Digest['algorithm'] }
    }

export interface ImageOrder {
  readonly name: string
  readonly title?: string
  readonly description?: string
  /** GiB that its machines' root disk has at least. */
  readonly sizeGiB?: number
  readonly rootDevice?: string
  readonly architecture?: ImageWish['architecture']
  /** A kernel needs 'pv' or 'pvh' or 'hvm'; without a kernel the disk boots by itself. */
  readonly boot?: ImageBoot
  /** A disk, a kernel, or both; an initramfs only with a kernel. */
  readonly parts: { readonly [P in ImagePart]?: NewFile }
  readonly tags?: Readonly<Record<string, string>>
  /** Shown by EC2 as an import task. */
  readonly task?: { readonly description: string; readonly tags: Readonly<Record<string, string>> }
  readonly token?: OrderToken
  readonly dryRun?: boolean
}

/** An image with what it is made of that was not in the store when it was made. */
export interface ImageView {
  readonly image: ImageRecord
  readonly imports: readonly ImportRecord[]
  readonly snapshots: readonly SnapshotRecord[]
}

export interface RegisterOrder {
  readonly name: string
  readonly description?: string
  readonly architecture?: ImageWish['architecture']
  readonly rootDevice?: string
  readonly volumeType?: VolumeType
  readonly registered?: ImageRegistered
  readonly sizeGiB?: number
  readonly tags?: Readonly<Record<string, string>>
  /** The root disk's contents (`snap-…`), or an image whose files it shares. */
  readonly of: { readonly snapshot: string } | { readonly image: ImageId }
  readonly copyOf?: string
  readonly token?: OrderToken
  readonly dryRun?: boolean
}

export interface ImageChange {
  readonly description?: string
  /** Accounts, or `all`. */
  readonly share?: readonly string[]
  readonly unshare?: readonly string[]
  readonly dryRun?: boolean
}

export interface ImageOperations {
  /**
   * An image of the site (operator) or of a project (caller), pending until its files are there. One that is pending under that
   * name with the same uploads is answered again: an upload that broke off goes on. Faults: 'invalid', 'combination', 'exists',
   * 'quota', 'forbidden', 'unavailable'.
   */
  addImage(who: Caller | Operator, order: ImageOrder): Promise<ImageView>
  /** Faults: 'not-found'. Operators name one by `ami-…`, id or the name of a site's own. */
  findImage(operator: Operator, word: string): Promise<ImageView>
  viewImage(who: Caller | Operator, id: ImageId): Promise<ImageView>
  /** How much of an upload is there; one that is whole is completed by it. Faults: 'not-found', 'state', 'unavailable'. */
  uploadedBytes(who: Caller | Operator, id: ImportId): Promise<number>
  /** Adds a piece at its place; the last one completes it. Faults: 'not-found', 'state', 'too-large', 'conflict' (detail.have), 'unavailable'. */
  appendUpload(
    who: Caller | Operator,
    id: ImportId,
    piece: { readonly at: number; readonly bytes: AsyncIterable<Buffer> },
  ): Promise<{ readonly have: number; readonly complete: boolean }>
  /** No new machines of it. 'in-use' while there are machines, unless `force`: then it stays hidden until they are gone. */
  removeImage(operator: Operator, word: string, how: { readonly force: boolean }): Promise<void>
  /** Its files are read and compared with their checksums: `seen.checked` tells, once `seen.checks` is `wish.checks`. */
  checkImage(operator: Operator, word: string): Promise<ImageRecord>

  /** Faults: 'not-found' (snapshot, image), 'state', 'invalid', 'exists', 'quota', 'idempotency'. */
  registerImage(caller: Caller, order: RegisterOrder): Promise<ImageRecord>
  /** What an order of this token made before, for who can no longer say it; undefined: the token is new. 'idempotency'. */
  registeredBefore(caller: Caller, token: OrderToken): Promise<ImageRecord | undefined>
  /** Machines of it run on. Faults: 'not-found', 'forbidden'. */
  deregisterImage(caller: Caller, id: ImageId, how?: { readonly dryRun?: boolean }): Promise<ImageRecord>
  changeImage(caller: Caller, id: ImageId, change: ImageChange): Promise<ImageRecord>

  /** A snapshot made of a file at an address. */
  importSnapshot(
    caller: Caller,
    order: {
      readonly file: NewFile
      readonly description: string
      readonly tags: Readonly<Record<string, string>>
      readonly token?: OrderToken
      readonly dryRun?: boolean
    },
  ): Promise<ImportRecord>
  /** Imports that EC2 shows as tasks, in order of creation; those that ended a week ago are gone. */
  listImports(caller: Caller): Promise<readonly ImportRecord[]>
  /** With what would have become of it. Faults: 'not-found', 'state' for one that has ended. */
  cancelImport(caller: Caller, task: string, how?: { readonly dryRun?: boolean }): Promise<ImportRecord>
}
