/** A project's limits of images, by what the gateway knows at that moment (as of key pairs): those that race may pass one by a little; what is fetched is looked at again by its worker. */
import { fault } from '../../faults'
import type { ProjectId } from '../../model/ids'
import { DEFAULT_IMAGE_QUOTA, imageBytes } from '../../model/image-quota'
import { hasEnded, type ProjectRecord } from '../../model/records'
import type { Mirror } from '../../store/store'
import type { Caller, Context, Operator } from '../context'
import { openProject } from '../open-project'

const GIB = 1024 ** 3
/** 16 TiB: the site's own images have no limit but that of a disk. */
const LARGEST_BYTES = 16_384 * GIB

export interface Owner {
  readonly project: ProjectId | null
  /** Held by what is made in it. */
  readonly record: ProjectRecord | undefined
  readonly userName: string
  readonly reach: 'any' | 'public'
}

export const isCaller = (who: Caller | Operator): who is Caller => 'project' in who

/** Whose an image is that this one makes. Faults: 'forbidden' for a project that is being removed. */
export function ownerOf(context: Context, who: Caller | Operator): Owner {
  if (!isCaller(who)) return { project: null, record: undefined, userName: who.actor.user, reach: 'any' }
  const record = openProject(context, who.project)
  return { project: record.id, record, userName: who.userName, reach: 'public' }
}

/** Fetched at the same time for one project, so that it does not hold the workers alone. As many as EC2 has at once. */
export const MOST_FETCHED = 20

/** Faults: 'quota' when more files would be fetched for the project than are at once. The site's own have no limit. */
export function roomForFetching(mirror: Mirror, { project, record }: Owner, more: number): void {
  if (record === undefined || more === 0) return
  const under = mirror.list('imageimport', project).filter((one) => one.wish.source.from === 'url' && !hasEnded(one))
  if (under.length + more > MOST_FETCHED)
    throw fault(
      'quota',
      `${under.length} files are being fetched for the project; at most ${MOST_FETCHED} are at once`,
      {
        field: 'imports',
        subject: { kind: 'project', id: record.id },
      },
    )
}

/** Bytes that are left for new files. Faults: 'quota' when there is no room for one more image, or for so many bytes. */
export function roomForImage(mirror: Mirror, { project, record }: Owner, bytes: number): number {
  if (record === undefined) return LARGEST_BYTES
  const { images = DEFAULT_IMAGE_QUOTA.images, imageGiB = DEFAULT_IMAGE_QUOTA.imageGiB } = record.wish.quota
  const own = mirror.list('image', project)
  const subject = { kind: 'project', id: record.id }
  if (own.filter(({ wish }) => wish.exists).length >= images)
    throw fault('quota', `the project's limit of ${images} images is reached`, { field: 'images', subject })
  const left = imageGiB * GIB - imageBytes(project, { images: own, imports: mirror.list('imageimport', project) })
  if (bytes > left || left <= 0)
    throw fault('quota', `the project's limit of ${imageGiB} GiB of images leaves ${Math.max(0, left)} bytes`, {
      field: 'imageGiB',
      subject,
    })
  return left
}
