/** What a project that ends has of images: its machines are gone by then. Files that nobody names are swept away by a worker. */
import type { ProjectId } from '../../model/ids'
import { imageNames } from '../../store/names'
import type { Change, Mirror } from '../../store/store'
import type { Context } from '../context'

/** Removals of its images and imports with their names. */
export function fileRemovals(mirror: Mirror, project: ProjectId): Required<Pick<Change, 'removals' | 'releases'>> {
  const images = mirror.list('image', project)
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
