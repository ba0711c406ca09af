/** How many of the machines ordered the project's limits leave room for. */
import { fault } from '../../faults'
import type { Size } from '../../model/machine'
import { machineQuota, QUOTA_NAMES, quotaRoom, quotaShare } from '../../model/quota'
import type { ComputeWish, ProjectRecord } from '../../model/records'
import type { Counter } from '../../store/store'
import type { Context } from '../context'

const WORDS = {
  instances: 'machines',
  cores: 'cores',
  memoryMiB: 'MiB of memory',
  volumeGiB: 'GiB of volumes',
} as const

/** At most `most`. Faults: 'quota' below `least`, naming the limit. */
export async function countWithinQuota(
  context: Context,
  project: ProjectRecord,
  size: Size,
  least: number,
  most: number,
): Promise<number> {
  const used = await context.store.counters(project.id)
  const { machines, limit } = quotaRoom(project.wish, used, size)
  if (machines >= least) return Math.min(machines, most)
  const quota = `${machineQuota(project.wish)[limit]} ${WORDS[limit]}`
  throw fault('quota', `the project's limit of ${quota} leaves room for ${machines} more of such machines`, {
    field: limit,
    subject: { kind: 'project', id: project.id },
  })
}

/** What `count` machines add, with the limits that the script keeps. */
export function countersFor({ id, wish }: ProjectRecord, size: Size, count: number): readonly Counter[] {
  const [share, quota] = [quotaShare(wish, size), machineQuota(wish)]
  return QUOTA_NAMES.filter((name) => share[name] > 0).map((name) => ({
    project: id,
    name,
    by: share[name] * count,
    limit: quota[name],
  }))
}

/** Beside `countersFor`, in the wish of each: so much its end gives back. */
export const countedDisks = ({ wish }: ProjectRecord, size: Size): Pick<ComputeWish, 'countedGiB'> => {
  const { volumeGiB } = quotaShare(wish, size)
  return volumeGiB === 0 ? {} : { countedGiB: volumeGiB }
}
