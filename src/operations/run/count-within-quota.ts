/** How many of the machines ordered the project's limits leave room for. */
import { fault } from '../../faults'
import type { Size } from '../../model/machine'
import { QUOTA_NAMES, quotaRoom, quotaShare } from '../../model/quota'
import type { ProjectRecord } from '../../model/records'
import type { Counter } from '../../store/store'
import type { Context } from '../context'

const WORDS = { instances: 'machines', cores: 'cores', memoryMiB: 'MiB of memory' } as const

/** At most `most`. Faults: 'quota' below `least`, naming the limit. */
export async function countWithinQuota(
  context: Context,
  project: ProjectRecord,
  size: Size,
  least: number,
  most: number,
): Promise<number> {
  const used = await context.store.counters(project.id)
  const { machines, limit } = quotaRoom(project.wish.quota, used, size)
  if (machines >= least) return Math.min(machines, most)
  const quota = `${project.wish.quota[limit]} ${WORDS[limit]}`
  throw fault('quota', `the project's limit of ${quota} leaves room for ${machines} more of such machines`, {
    field: limit,
    subject: { kind: 'project', id: project.id },
  })
}

/** What `count` machines add, with the limits that the script keeps. */
export const countersFor = (project: ProjectRecord, size: Size, count: number): readonly Counter[] =>
  QUOTA_NAMES.map((name) => ({
    project: project.id,
    name,
    by: quotaShare(size)[name] * count,
    limit: project.wish.quota[name],
  }))
