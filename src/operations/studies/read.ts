import { fault } from '../../faults'
import type { StudyRecord } from '../../model/records'
import type { Context } from '../context'

/** Fault: 'not-found'. */
export async function findStudy({ mirror }: Context, id: string): Promise<StudyRecord> {
  await mirror.fresh()
  const study = mirror.get('study', id)
  if (study) return study
  throw fault('not-found', `there is no study ${id}; one that was not run is kept for an hour`, {
    subject: { kind: 'study', id },
  })
}

/** The newest first. */
export async function listStudies({ mirror }: Context): Promise<readonly StudyRecord[]> {
  await mirror.fresh()
  return mirror.all('study').toReversed()
}
