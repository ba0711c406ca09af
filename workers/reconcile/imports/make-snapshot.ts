/**
 * An imported file as a snapshot (EC2 ImportSnapshot). Its id and name were drawn with the order, so that making it twice makes
 * one; it is complete from the beginning, and nobody has work with it.
 */
import { randomUUID } from 'node:crypto'
import type { ImportRecord } from '../../../src/model/image-records'
import type { ImageFile } from '../../../src/model/images'
import {
  SNAPSHOT_NEVER_SEEN,
  SNAPSHOT_NOTHING_DONE,
  type SnapshotSeen,
  type SnapshotWish,
} from '../../../src/model/storage/snapshot'
import { NOBODY } from '../../../src/store/store'
import type { Work } from '../work'
import { checkSnapshotRoom } from './room'

/** EC2's volume of a snapshot that has none. */
const NO_VOLUME = 'vol-ffffffff'

/** Faults: 'quota', and the store's. */
export async function makeSnapshot(work: Work, record: ImportRecord, file: ImageFile): Promise<void> {
  const { project, wish } = record
  if (wish.snapshot === null || (await work.store.read('snapshot', wish.snapshot.id))) return
  await checkSnapshotRoom(work, record, file)
  const { id, name } = wish.snapshot
  const now = work.clock.now()
  const made: SnapshotWish = {
    exists: true,
    name,
    of: { kind: 'file' },
    volume: NO_VOLUME,
    sizeGiB: file.sizeGiB,
    description: wish.task?.description ?? '',
    tags: {},
    sharedWith: [],
    createdAt: now,
    createdBy: wish.createdBy,
    deletedAt: null,
  }
  const seen: SnapshotSeen = {
    ...SNAPSHOT_NEVER_SEEN,
    at: now,
    state: 'completed',
    percent: 100,
    file,
    completedAt: now,
  }
  const ref = { kind: 'snapshot', id } as const
  const rest = { journal: SNAPSHOT_NOTHING_DONE, place: null, wake: false }
  await work.store.change(
    {
      operationId: randomUUID(),
      actor: NOBODY,
      what: 'snapshot-imported',
      // Cancelled meanwhile, or gone with its project: none is made.
      holds: [{ ref: { kind: 'imageimport', id: record.id }, generation: record.generation }],
      creates: [{ ref, project, wish: made, seen, ...rest }],
      takes: [{ hash: 'names', field: name, value: `snapshot:${id}` }],
    },
    now,
  )
}
