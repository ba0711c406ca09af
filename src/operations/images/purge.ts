/**
 * What a project that ends has of images: its machines are gone by then. One that was shared and of which others still have
 * machines stays, deregistered, until its own job finds none left. Files that nobody names are swept away by a worker.
 */
import type { ProjectId } from '../../model/ids'
import { imageNames } from '../../store/names'
import type { Change, Mirror } from '../../store/store'
import type { Context } from '../context'

/** Removals of its images and imports with their names. */
export function fileRemovals(mirror: Mirror, project: ProjectId): Required<Pick<Change, 'removals' | 'releases'>> {
  const computes = mirror.all('compute')
  const images = mirror
    .list('image', project)
    .filter(({ id, wish }) => wish.exists || !computes.some((one) => one.wish.image === id && one.seen.goneAt === null))
  const imports = mirror.list('imageimport', project)
  const tasks = imports.flatMap(({ wish }) => (wish.task === null ? [] : [wish.task.name]))
  return {
    removals: [...images, ...imports].map(({ kind, id, generation }) => ({
      ref: kind === 'image' ? { kind, id } : { kind, id },
      project,
      generation,
    })),
    releases: [...images.flatMap(imageNames), ...tasks].map((field) => ({ hash: 'names', field })),
  }
}

/** What was sent of files that are not stored yet. Faults: 'unavailable'. */
export async function dropUploads({ mirror, images }: Context, project: ProjectId): Promise<void> {
  for (const { id } of mirror.list('imageimport', project)) await images.upload(id).discard()
}
