/** Launch templates and their versions as the caller has them. */
import { fault } from '../../faults'
import type { LaunchTemplateId, ProjectId } from '../../model/ids'
import type { LaunchTemplateRecord, LaunchTemplateVersionRecord } from '../../model/records'
import type { Mirror } from '../../store/store'
import type { Caller, Context } from '../context'
import { idIn } from '../once'
import type { TemplateWithVersion } from './operations'

export type Templates = Pick<Mirror, 'get' | 'list'>

/** Faults: 'not-found' for what is not there or another project's. */
export function ownTemplate(mirror: Templates, project: ProjectId, id: LaunchTemplateId): LaunchTemplateRecord {
  const found = mirror.get('launchtemplate', id)
  if (found?.project === project) return found
  throw fault('not-found', 'The specified launch template does not exist.', { subject: { kind: 'launchtemplate', id } })
}

/** In order of their numbers. */
export const versionsOf = (
  mirror: Templates,
  { id, project }: LaunchTemplateRecord,
): readonly LaunchTemplateVersionRecord[] =>
  mirror
    .list('launchtemplateversion', project)
    .filter(({ wish }) => wish.template === id)
    .sort((one, other) => one.wish.number - other.wish.number)

/** Faults: 'not-found'. */
export function versionNumbered(
  versions: readonly LaunchTemplateVersionRecord[],
  number: number,
): LaunchTemplateVersionRecord {
  const found = versions.find(({ wish }) => wish.number === number)
  if (found) return found
  throw fault('not-found', `The specified launch template version ${number} does not exist.`, {
    subject: { kind: 'launchtemplateversion', id: String(number) },
  })
}

/** What an order's first answer named. Faults: 'not-found'. */
export function answered({ mirror }: Context, { project }: Caller, answer: unknown): TemplateWithVersion {
  const template = ownTemplate(mirror, project, idIn(answer, 'launchTemplate') as LaunchTemplateId)
  return { template, version: versionNumbered(versionsOf(mirror, template), Number(idIn(answer, 'version'))) }
}
