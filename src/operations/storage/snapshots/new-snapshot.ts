/** The record of a snapshot that was just ordered, and what its creating script takes. */
import { fault } from '../../../faults'
import type { SnapshotId } from '../../../model/ids'
import { snapshotGiB } from '../../../model/image-quota'
import type { ProjectRecord } from '../../../model/records'
import {
  DEFAULT_SNAPSHOT_GIB,
  SNAPSHOT_NEVER_SEEN,
  SNAPSHOT_NOTHING_DONE,
  type SnapshotRecord,
  type SnapshotSeen,
  type SnapshotWish,
} from '../../../model/storage'
import type { Change, Create, Mirror } from '../../../store/store'
import type { Caller } from '../../context'
import { created } from '../../created'
import { drawId, drawName } from '../../draw'
import { held } from '../../held'

/** Of a project: as many as EC2 gives an account by default would fill any image store of ours. */
export const MOST_SNAPSHOTS = 1_000

export interface NewSnapshot extends Pick<SnapshotWish, 'of' | 'volume' | 'sizeGiB' | 'description' | 'tags'> {
  /** Completed from the beginning: a copy. */
  readonly seen?: SnapshotSeen
}

/** Faults: 'quota' when the project cannot have so many more. */
export function roomForSnapshots(mirror: Mirror, { project }: Caller, more: number): void {
  const have = mirror.list('snapshot', project).length
  if (have + more > MOST_SNAPSHOTS)
    throw fault('quota', `the project's limit of ${MOST_SNAPSHOTS} snapshots is reached; it has ${have}`, {
      field: 'snapshots',
      subject: { kind: 'project', id: project },
    })
}

/**
 * GiB that are left beside so many more. By what the gateway knows at that moment, as of images: those that race may pass it by a little.
 * Faults: 'quota'.
 */
export function roomForGibibytes(mirror: Mirror, { id, wish }: ProjectRecord, more: number): number {
  const { snapshotGiB: limit = DEFAULT_SNAPSHOT_GIB } = wish.quota
  const have = snapshotGiB(id, mirror.list('snapshot', id))
  if (more > 0 && have + more > limit)
    throw fault('quota', `the project's limit of ${limit} GiB of snapshots is reached; it has ${have}`, {
      field: 'snapshotGiB',
      subject: { kind: 'project', id },
    })
  return limit - have - more
}

/** Draws their names. Faults: 'quota'. */
export function snapshotCreation(
  mirror: Mirror,
  caller: Caller,
  project: ProjectRecord,
  orders: readonly NewSnapshot[],
  now: number,
): {
  readonly records: readonly SnapshotRecord[]
  readonly change: Required<Pick<Change, 'creates' | 'takes' | 'holds'>>
} {
  roomForSnapshots(mirror, caller, orders.length)
  roomForGibibytes(
    mirror,
    project,
    orders.reduce((sum, { sizeGiB }) => sum + sizeGiB, 0),
  )
  const creates = orders.map(({ seen = SNAPSHOT_NEVER_SEEN, ...order }): Create => {
    const wish: SnapshotWish = {
      ...order,
      exists: true,
      name: drawName('snapshot'),
      sharedWith: [],
      createdAt: now,
      createdBy: caller.userName,
      deletedAt: null,
    }
    return {
      ref: { kind: 'snapshot', id: drawId<SnapshotId>() },
      project: project.id,
      wish,
      seen,
      journal: SNAPSHOT_NOTHING_DONE,
      place: null,
      wake: seen.state === 'pending',
    }
  })
  const records = creates.map((create) => created('snapshot', create))
  return {
    records,
    change: {
      creates,
      takes: records.map(({ id, wish }) => ({ hash: 'names', field: wish.name, value: `snapshot:${id}` })),
      holds: [held(project)],
    },
  }
}
