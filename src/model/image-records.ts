/**
 * What Redis keeps of images, and of files on their way into the image store.
 *
 * Who writes what: operations write wishes. An import's own job fetches, stores and looks at one file and writes what it found
 * into the import's `seen`; an image's job waits for the imports and snapshots that its wish names and writes its `seen`. What
 * an image is made of is thus in its wish (it was in the store when the image was made) or in its `seen`: ask `filesOf`.
 */
import type { Envelope } from './envelope'
import type { ImageId, ImportId, SnapshotId } from './ids'
import type { ImageBoot, ImageFile, ImageFiles } from './images'
import type { VolumeType } from './storage/record'

export const IMAGE_PARTS = ['disk', 'kernel', 'initramfs'] as const
export type ImagePart = (typeof IMAGE_PARTS)[number]

/** Where a file of an image comes from that was not in the store when the image was made. */
export type FileSource =
  | { readonly from: 'import'; readonly id: ImportId }
  | { readonly from: 'snapshot'; readonly id: SnapshotId }

/** What RegisterImage was told of its machines that no host here asks: only told back, for clients compare what they ordered with it. */
export interface ImageRegistered {
  readonly enaSupport?: boolean
  readonly sriovNetSupport?: string
  readonly imdsSupport?: string
  readonly bootMode?: string
  readonly iops?: number
  readonly throughput?: number
}

export interface ImageWish {
  readonly exists: boolean
  readonly name: string
  /** `ami-…`, also the OCCI term. */
  readonly ami: string
  readonly title: string
  readonly description: string
  /** What its root disk has at least, as it was asked for; the file may need more: `imageSizeGiB`. */
  readonly sizeGiB: number
  readonly rootDevice: string
  /** Of its root disk as EC2 names it; absent: gp2. */
  readonly volumeType?: VolumeType
  readonly registered?: ImageRegistered
  /** In the image store when it was made; without these and `sources` it is a simulated image, which has no contents. */
  readonly files?: ImageFiles
  readonly sources?: { readonly [P in ImagePart]?: FileSource }
  /** Absent: a whole disk that boots by itself (hvm). */
  readonly boot?: ImageBoot
  /** Accounts that may run it beside its own; 'all' for everybody. The site's own (project null) are everybody's. */
  readonly sharedWith?: readonly string[]
  readonly architecture: 'x86_64' | 'arm64'
  readonly format: 'raw' | 'qcow2'
  readonly simulated: boolean
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly deletedAt?: number
  /** `ami-…` that it is a copy of. */
  readonly copyOf?: string
  /** `i-…` that it was made from. */
  readonly madeFrom?: string
  /** How often an operator ordered its files to be read and compared with their checksums. */
  readonly checks?: number
}

export interface ImageSeen {
  readonly state: 'available' | 'pending' | 'failed'
  /** Brought in since it was made. */
  readonly files?: ImageFiles
  /** Why it waits or failed. */
  readonly message?: string
  /** The last order to check that is through, and what was wrong; null: nothing. */
  readonly checks?: number
  readonly checked?: { readonly at: number; readonly wrong: string | null }
}

export type ImageRecord = Envelope<'image', ImageId, ImageWish, ImageSeen, null, null>

type Image = Pick<ImageRecord, 'wish' | 'seen'>

/** What it is made of, as far as it is in the store. */
export const filesOf = ({ wish, seen }: Image): ImageFiles => ({ ...wish.files, ...seen.files })

/** False: its machines have no root disk, keep nothing, and can be started anywhere. */
export const hasDisk = ({ wish, seen }: Image): boolean => {
  const parts = Object.keys({ ...wish.files, ...seen.files, ...wish.sources })
  return parts.length === 0 || parts.includes('disk')
}

/** GiB of the root disk of a machine that asks for no more; 0 without a disk. */
export const imageSizeGiB = (image: Image): number =>
  hasDisk(image) ? Math.max(image.wish.sizeGiB, filesOf(image).disk?.sizeGiB ?? 0) : 0

/** It has no contents: simulated hosts only can run it. */
export const isSimulated = (image: Image): boolean =>
  image.wish.simulated || (image.seen.state === 'available' && Object.keys(filesOf(image)).length === 0)

/** How its machines are started; undefined: its contents say nothing of that. */
export const bootModeOf = (image: Image): ImageBoot['mode'] | undefined =>
  image.wish.boot?.mode ?? (hasDisk(image) && !isSimulated(image) ? 'hvm' : undefined)

/** Whether an account may run it that is not its owner. */
export const isSharedWith = ({ project, wish }: Pick<ImageRecord, 'project' | 'wish'>, account: string): boolean =>
  project === null || (wish.sharedWith ?? []).some((one) => one === 'all' || one === account)

/** The site's, or shared with all. */
export const isPublic = (image: Pick<ImageRecord, 'project' | 'wish'>): boolean =>
  image.project === null || (image.wish.sharedWith ?? []).includes('all')

// ---------------------------------------------------------------- files on their way

export interface Digest {
  readonly algorithm: 'sha256' | 'sha512'
  /** Small letters. */
  readonly hex: string
}

export type ImportSource =
  /** Sent in pieces; so many bytes in all. */
  | { readonly from: 'upload'; readonly bytes: number }
  /** `reach`: an operator may name any address, a tenant public ones by https only. `checksums`: a file of the vendor's that has its digest. */
  | {
      readonly from: 'url'
      readonly url: string
      readonly reach: 'any' | 'public'
      readonly checksums?: { readonly url: string; readonly algorithm: Digest['algorithm'] }
    }

export interface ImportWish {
  /** False: cancelled; what came so far is dropped. */
  readonly exists: boolean
  readonly part: ImagePart
  readonly source: ImportSource
  /** Refused if it turns out another. */
  readonly digest: Digest | null
  /** All of an upload was sent; always true of an address. */
  readonly complete: boolean
  /** More is refused. */
  readonly mostBytes: number
  /** The image that waits for it. */
  readonly image: ImageId | null
  /** Becomes a snapshot: id and `snap-…` that it takes. */
  readonly snapshot: { readonly id: SnapshotId; readonly name: string } | null
  /** Shown by EC2 as `import-ami-…` or `import-snap-…`. */
  readonly task: {
    readonly name: string
    readonly description: string
    readonly tags: Readonly<Record<string, string>>
  } | null
  readonly createdAt: number
  readonly createdBy: string
  readonly cancelledAt?: number
}

export interface ImportSeen {
  /** ms; 0: never looked at. */
  readonly at: number
  readonly state: 'waiting' | 'fetching' | 'storing' | 'completed' | 'failed' | 'cancelled'
  /** Safely there. */
  readonly bytes: number
  /** null: its server does not say. */
  readonly total: number | null
  readonly file: ImageFile | null
  /** Why it failed, or what went wrong last. */
  readonly message: string | null
  /** Of what is at the address: another one means another file. */
  readonly etag: string | null
  /** Failures in a row. */
  readonly failures: number
  readonly completedAt: number | null
}

export type ImportRecord = Envelope<'imageimport', ImportId, ImportWish, ImportSeen, null, null>

export const IMPORT_NEVER_SEEN: ImportSeen = {
  at: 0,
  state: 'waiting',
  bytes: 0,
  total: null,
  file: null,
  message: null,
  etag: null,
  failures: 0,
  completedAt: null,
}

/** Nothing more will come of it. */
export const hasEnded = ({ wish, seen }: Pick<ImportRecord, 'wish' | 'seen'>): boolean =>
  !wish.exists || seen.state === 'completed' || seen.state === 'failed' || seen.state === 'cancelled'

interface Arriving {
  readonly state: string
  readonly bytes: number
  /** Null: nobody knows yet. */
  readonly total: number | null
}

/** How much of a file has come, or was sent: 0 to 100, for people. */
export const percentThere = ({ state, bytes, total }: Arriving): number => {
  if (state === 'completed') return 100
  return total === null || total === 0 ? 0 : Math.min(99, Math.floor((bytes / total) * 99))
}
