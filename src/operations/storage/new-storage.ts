/** The record of a volume that was just ordered, and what its creating script takes. */
import { NO_EPOCH } from '../../model/epoch'
import type { MixinId, ProjectId, StorageId } from '../../model/ids'
import { type ProjectRecord, SCHEMA } from '../../model/records'
import {
  type Holder,
  STORAGE_NEVER_SEEN,
  STORAGE_NO_PLACE,
  STORAGE_NOTHING_DONE,
  type StorageRecord,
  type VolumeSource,
  type VolumeType,
  volumeQuota,
} from '../../model/storage'
import type { Change, Counter } from '../../store/store'
import { drawId, drawName } from '../draw'

export interface NewStorage {
  readonly id?: StorageId
  readonly project: ProjectId
  readonly userName: string
  readonly sizeGiB: number
  readonly type?: VolumeType
  readonly zone?: string | null
  readonly title?: string | null
  readonly summary?: string | null
  readonly tags?: Readonly<Record<string, string>>
  readonly holder?: Holder
  readonly mixins?: readonly MixinId[]
  readonly source?: VolumeSource
  readonly clientToken?: string
  readonly now: number
}

/** Wanted, seen nowhere, without a place. Draws its names. */
export const newStorage = (order: NewStorage): StorageRecord => ({
  kind: 'storage',
  id: order.id ?? drawId<StorageId>(),
  project: order.project,
  rev: 1,
  generation: 1,
  epoch: NO_EPOCH,
  wakes: 0,
  phase: 0,
  schema: SCHEMA,
  wish: {
    exists: true,
    name: drawName('storage'),
    sizeGiB: order.sizeGiB,
    type: order.type ?? 'gp2',
    zone: order.zone ?? null,
    title: order.title ?? null,
    summary: order.summary ?? null,
    tags: order.tags ?? {},
    holder: order.holder ?? null,
    former: null,
    online: true,
    autoEnableIo: false,
    retries: 0,
    clientToken: order.clientToken ?? null,
    createdAt: order.now,
    createdBy: order.userName,
    deletedAt: null,
    resized: null,
    ...(order.mixins === undefined || order.mixins.length === 0 ? {} : { mixins: order.mixins }),
    ...(order.source === undefined ? {} : { source: order.source }),
  },
  seen: STORAGE_NEVER_SEEN,
  journal: STORAGE_NOTHING_DONE,
  place: STORAGE_NO_PLACE,
})

/** What more volumes and GiB count for, with the limits that the script keeps. */
export function volumeCounters(project: ProjectRecord, volumes: number, gibibytes: number): readonly Counter[] {
  const limits = volumeQuota(project.wish.quota)
  const all: readonly Counter[] = [
    { project: project.id, name: 'volumes', by: volumes, limit: limits.volumes },
    { project: project.id, name: 'volumeGiB', by: gibibytes, limit: limits.volumeGiB },
  ]
  return all.filter((counter) => counter.by !== 0)
}

/** The parts of the change that makes these volumes. */
export const storageCreation = (
  project: ProjectRecord,
  records: readonly StorageRecord[],
): Pick<Change, 'creates' | 'takes' | 'counters'> => ({
  creates: records.map(({ id, wish, seen, journal, place }) => ({
    ref: { kind: 'storage', id },
    project: project.id,
    wish,
    seen,
    journal,
    place,
    wake: false,
  })),
  takes: records.map(({ id, wish }) => ({ hash: 'names', field: wish.name, value: `storage:${id}` })),
  counters: volumeCounters(
    project,
    records.length,
    records.reduce((sum, { wish }) => sum + wish.sizeGiB, 0),
  ),
})
