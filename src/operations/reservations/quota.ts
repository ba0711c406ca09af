/** Places count against their project's limits of machines, cores and memory, by counters of their own. */
import { fault } from '../../faults'
import type { ProjectId } from '../../model/ids'
import type { ProjectRecord, ReservationWish } from '../../model/records'
import type { Counter } from '../../store/store'
import type { Refusal } from '../attempt'

/** What so many places more (or fewer) add. */
export function reservedCounters(
  { id, wish: { quota } }: ProjectRecord,
  { size }: Pick<ReservationWish, 'size'>,
  places: number,
): readonly Counter[] {
  return [
    { project: id, name: 'reservedInstances', by: places, limit: quota.instances },
    { project: id, name: 'reservedCores', by: places * size.cores, limit: quota.cores },
    { project: id, name: 'reservedMemoryMiB', by: places * size.memoryMiB, limit: quota.memoryMiB },
  ]
}

const WORDS: Readonly<Record<string, string>> = {
  reservedInstances: 'machines',
  reservedCores: 'cores',
  reservedMemoryMiB: 'MiB of memory',
}

/** In the words of the limit that it reached. */
export const overQuota = ({ counter, have }: Extract<Refusal, { state: 'quota' }>, project: ProjectId) =>
  fault(
    'quota',
    `the project's limit of ${counter.limit} ${WORDS[counter.name] ?? counter.name} holds for what it reserves too; it has reserved ${have}`,
    { field: counter.name === 'reservedCores' ? 'cores' : 'instances', subject: { kind: 'project', id: project } },
  )
