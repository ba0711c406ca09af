import { fault } from '../../faults'
import type { ProjectRecord } from '../../model/records'
import type { Context } from '../context'
import type { ListedPartner } from './operations'

/** By name. */
export async function listPartners(context: Context): Promise<readonly ListedPartner[]> {
  await context.mirror.fresh()
  const partners = context.mirror
    .all('project')
    .flatMap((project) => (project.wish.partner ? [{ project, partner: project.wish.partner }] : []))
    .toSorted((a, b) => (a.project.wish.name < b.project.wish.name ? -1 : 1))
  return Promise.all(partners.map(async (one) => ({ ...one, used: await context.store.counters(one.project.id) })))
}

/** Fault: 'not-found', also for a project that is no partner. */
export function partnerNamed({ mirror }: Context, name: string): ProjectRecord {
  const project = mirror.all('project').find(({ wish }) => wish.name === name && wish.partner !== undefined)
  if (!project) throw fault('not-found', `there is no partner ${name}`, { subject: { kind: 'project', id: name } })
  return project
}
