import { fault } from '../faults'
import type { ProjectId } from '../model/ids'
import type { ProjectRecord } from '../model/records'
import type { Context } from './context'

/** Faults: 'forbidden' for one that is gone or being removed. */
export function openProject(context: Context, id: ProjectId): ProjectRecord {
  const project = context.mirror.get('project', id)
  if (!project) throw fault('forbidden', 'your project does not exist any more')
  if (project.wish.purging) throw fault('forbidden', 'your project is being removed and takes no new orders')
  return project
}
