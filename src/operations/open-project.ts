import { fault } from '../faults'
import { refuseEnded } from '../model/federation'
import type { ProjectId } from '../model/ids'
import type { ProjectRecord } from '../model/records'
import type { Context } from './context'

/** Faults: 'forbidden' for one that is gone or being removed, and for a partner that may order no more. */
export function openProject(context: Context, id: ProjectId): ProjectRecord {
  const project = context.mirror.get('project', id)
  if (!project) throw fault('forbidden', 'your project does not exist any more')
  if (project.wish.purging) throw fault('forbidden', 'your project is being removed and takes no new orders')
  if (project.wish.partner) refuseEnded(project.wish.partner, context.site, context.clock.now())
  return project
}
