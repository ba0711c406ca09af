/** Which snapshots a caller sees: the project's own, and those that others share with its account. */
import { fault } from '../../../faults'
import type { SnapshotId } from '../../../model/ids'
import { isSnapshotSharedWith, type SnapshotRecord, sourceOf, type VolumeSource } from '../../../model/storage'
import type { Mirror } from '../../../store/store'
import type { Caller, Context } from '../../context'

/** 'not-found', in the same words whether it is not there or another's. */
export const noSnapshot = (id: string) =>
  fault('not-found', `there is no snapshot ${id}`, { field: 'SnapshotId', subject: { kind: 'snapshot', id } })

const maySee = (record: SnapshotRecord, { project, account }: Caller): boolean =>
  record.wish.exists && (record.project === project || isSnapshotSharedWith(record, account))

/** Own ones and those shared with the caller, in order of creation. */
export async function listSnapshots({ mirror }: Context, caller: Caller): Promise<readonly SnapshotRecord[]> {
  await mirror.fresh(caller.project)
  return mirror.all('snapshot').filter((record) => maySee(record, caller))
}

/** All projects', for operators. */
export async function listAllSnapshots({ mirror }: Context): Promise<readonly SnapshotRecord[]> {
  await mirror.fresh(...mirror.all('project').map((project) => project.id))
  return mirror.all('snapshot').filter(({ wish }) => wish.exists)
}

/** From the mirror as it is. Faults: 'not-found'. */
export function visibleSnapshot(mirror: Mirror, caller: Caller, id: SnapshotId): SnapshotRecord {
  const record = mirror.get('snapshot', id)
  if (!record || !maySee(record, caller)) throw noSnapshot(id)
  return record
}

/** One that the caller may change. Faults: 'not-found', 'forbidden' for one that is only shared with it. */
export function ownSnapshot(mirror: Mirror, caller: Caller, id: SnapshotId): SnapshotRecord {
  const record = visibleSnapshot(mirror, caller, id)
  if (record.project === caller.project) return record
  throw fault('forbidden', `the snapshot ${record.wish.name} is another's`, { subject: { kind: 'snapshot', id } })
}

/** Its contents are there. Faults: 'state'. */
export function checkCompleted({ id, wish, seen }: SnapshotRecord): void {
  if (seen.state === 'completed') return
  const because = seen.state === 'error' ? 'failed' : 'is still pending'
  throw fault('state', `the snapshot ${wish.name} ${because}`, { subject: { kind: 'snapshot', id } })
}

/**
 * What a volume of it is made of, and the record that has to stay as it is until that is written down. Faults: 'not-found',
 * 'state', 'invalid' for a volume smaller than the snapshot.
 */
export function contentsOf(
  mirror: Mirror,
  caller: Caller,
  id: SnapshotId,
  sizeGiB: number | undefined,
): { readonly source: VolumeSource; readonly record: SnapshotRecord } {
  const record = visibleSnapshot(mirror, caller, id)
  checkCompleted(record)
  const { wish } = record
  if (sizeGiB !== undefined && sizeGiB < wish.sizeGiB)
    throw fault('invalid', `a volume of the snapshot ${wish.name} has at least ${wish.sizeGiB} GiB`, {
      field: 'sizeGiB',
    })
  return { source: sourceOf(record), record }
}
