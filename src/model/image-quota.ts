/**
 * A project's limits of images and snapshots: what its files take, and what is left for one that is fetched. An order is checked when it is
 * given, and nobody knows then how large the file is; so its worker looks again with each part that it asks for.
 */
import type { ProjectId } from './ids'
import { filesOf, hasEnded, type ImageRecord, type ImportRecord } from './image-records'
import type { ProjectRecord } from './records'
import { DEFAULT_SNAPSHOT_GIB } from './storage/quota'
import type { SnapshotRecord } from './storage/snapshot'

export const DEFAULT_IMAGE_QUOTA = { images: 100, imageGiB: 1_000 } as const
const GIB = 1024 ** 3

/** What a project has, as one reading found it; more may be given than its own. */
export interface Kept {
  readonly images: readonly ImageRecord[]
  readonly imports: readonly ImportRecord[]
  readonly snapshots: readonly SnapshotRecord[]
}

/**
 * Bytes that a project's images and imports hold or have announced; the same contents count once. A deregistered image counts as long as its
 * record is there, for a machine of it needs its files.
 */
export function imageBytes(project: ProjectId | null, { images, imports }: Pick<Kept, 'images' | 'imports'>): number {
  const files = new Map<string, number>()
  const own = images.filter((image) => image.project === project)
  for (const image of own) for (const file of Object.values(filesOf(image))) files.set(file.sha256, file.bytes)
  const ids = new Set<string>(own.map(({ id }) => id))
  let coming = 0
  for (const one of imports) {
    if (one.project !== project) continue
    const { wish, seen } = one
    if (!hasEnded(one)) coming += bytesComing(one)
    // Its image waits for others, and names none of its files before all are there.
    else if (seen.file !== null && wish.image !== null && ids.has(wish.image))
      files.set(seen.file.sha256, seen.file.bytes)
  }
  return [...files.values()].reduce((sum, bytes) => sum + bytes, coming)
}

/** Of a file on its way: what is known of it by now. */
const bytesComing = ({ wish, seen }: ImportRecord): number =>
  wish.source.from === 'upload' ? wish.source.bytes : (seen.total ?? seen.bytes)

/** GiB of a project's snapshots, each as large as its disk. */
export const snapshotGiB = (project: ProjectId, snapshots: Kept['snapshots']): number =>
  snapshots.reduce((sum, one) => sum + (one.project === project && one.wish.exists ? one.wish.sizeGiB : 0), 0)

/** GiB that a file takes at least as a snapshot: a disk is no smaller than its file. */
export const snapshotGiBComing = (one: ImportRecord): number => Math.max(1, Math.ceil(bytesComing(one) / GIB))

/** GiB of snapshots that are left to a project; below 0 where its limit was lowered. */
export const snapshotGiBLeft = ({ id, wish }: ProjectRecord, snapshots: Kept['snapshots']): number =>
  (wish.quota.snapshotGiB ?? DEFAULT_SNAPSHOT_GIB) - snapshotGiB(id, snapshots)

/**
 * Bytes that a file of a project's may have that is being fetched. Of those that were ordered after it only what came counts: else two that are
 * too large together would both be refused.
 */
export function bytesLeft(project: ProjectRecord, file: ImportRecord, { images, imports, snapshots }: Kept): number {
  const { imageGiB = DEFAULT_IMAGE_QUOTA.imageGiB } = project.wish.quota
  const others = imports
    .filter(({ id }) => id !== file.id)
    .map((one) => (isLater(one, file) ? { ...one, seen: { ...one.seen, total: null } } : one))
  const left = imageGiB * GIB - imageBytes(project.id, { images, imports: others })
  return file.wish.snapshot === null ? left : Math.min(left, snapshotGiBLeft(project, snapshots) * GIB)
}

const isLater = (one: ImportRecord, { id, wish }: ImportRecord): boolean =>
  one.wish.createdAt === wish.createdAt ? one.id > id : one.wish.createdAt > wish.createdAt
