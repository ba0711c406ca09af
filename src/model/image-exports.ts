/**
 * Images on their way to providers: a file of the image store becomes an object there, and the provider's id of it stands in the account's
 * registration (`wish.provider.images` of the host).
 *
 * Who writes what: operations write `wish`; the holder of the claim writes `seen`, and the registration once all of the file is there. Which
 * object it is stands in `seen` before the first byte goes there: whoever goes on writes to that one.
 */
import type { Envelope } from './envelope'
import type { HostId, ImageExportId, ImageId } from './ids'
import { filesOf, type ImageRecord } from './image-records'
import type { ImageFile } from './images'
import type { ProviderKind } from './providers/record'

export interface ImageExportWish {
  /** False: cancelled; what is there of it is removed. */
  readonly exists: boolean
  readonly image: ImageId
  /** Its `ami-…`, which what came there bears: known even when the image's own record is gone. Orders before this was kept lack it. */
  readonly ami?: string
  readonly provider: HostId
  /** How often it was ordered: one more goes on with what failed. */
  readonly tries: number
  readonly createdAt: number
  readonly createdBy: string
}

export interface ImageExportSeen {
  /** ms; 0: never looked at. */
  readonly at: number
  readonly state: 'waiting' | 'sending' | 'completed' | 'failed' | 'cancelled'
  /** The order that this is of. */
  readonly tries: number
  /** Of the file, safely there. */
  readonly bytes: number
  readonly total: number | null
  /** The provider's own id; null: nothing was made yet. */
  readonly object: string | null
  /** Why it failed, or what went wrong last. */
  readonly message: string | null
  /** Failures in a row. */
  readonly failures: number
  readonly endedAt: number | null
}

export type ImageExportRecord = Envelope<'imageexport', ImageExportId, ImageExportWish, ImageExportSeen, null, null>

export const EXPORT_NEVER_SEEN: ImageExportSeen = {
  at: 0,
  state: 'waiting',
  tries: 0,
  bytes: 0,
  total: null,
  object: null,
  message: null,
  failures: 0,
  endedAt: null,
}

/** Of the order that counts now: an older order's end is none. */
export const exportHasEnded = ({ wish, seen }: Pick<ImageExportRecord, 'wish' | 'seen'>): boolean =>
  seen.tries === wish.tries && seen.endedAt !== null && wish.exists === (seen.state !== 'cancelled')

/** Why nothing can be brought to providers of a kind, and what to do instead; absent: their drivers do it. */
export const NO_EXPORT: Readonly<Partial<Record<ProviderKind, string>>> = {
  ec2: 'EC2 takes images through S3 and its own import, which is not done from here (another occi-gateway takes them as a provider of kind occi)',
}

/** What a drive there is written from; another gateway takes what this one does. */
const RAW_ONLY: ReadonlySet<string> = new Set<ProviderKind>(['elastichosts'])

/** The file that becomes a disk at a provider of that kind; or why there is none that could. */
export function fileToExport(
  image: Pick<ImageRecord, 'wish' | 'seen'>,
  kind: string,
): ImageFile | { readonly because: string } {
  const { wish, seen } = image
  if (!wish.exists) return { because: 'it was removed' }
  if (seen.state !== 'available') return { because: `it is ${seen.state}` }
  const { disk, kernel } = filesOf(image)
  if (disk === undefined) return { because: wish.simulated || !kernel ? 'it has no contents' : 'it has no disk' }
  if (kernel !== undefined) return { because: 'it is started with a kernel of its own, which a provider does not take' }
  if (disk.format !== 'raw' && RAW_ONLY.has(kind))
    return { because: `its disk is ${disk.format}; this provider takes a raw one` }
  return disk
}
