/**
 * The real operations on volumes over maps instead of a store: every wish is fulfilled at once, as if a worker had been there.
 * For tests of the fronts, which then see the faults of the real ones.
 */
import { fault } from '../../src/faults'
import type { ComputeRecord, HostRecord, ImageRecord, MixinRecord, ProjectRecord } from '../../src/model/records'
import { type SnapshotRecord, type StorageRecord, type StorageWish, volumesOf } from '../../src/model/storage'
import { changeTags, type TagChange } from '../../src/operations/check-tags'
import type { Context } from '../../src/operations/context'
import { openStorageOperations } from '../../src/operations/storage'
import type { StorageOperations } from '../../src/operations/storage/operations'
import { openSnapshotOperations } from '../../src/operations/storage/snapshots'
import type { SnapshotOperations } from '../../src/operations/storage/snapshots/operations'
import { imageName } from '../../src/store/names'
import type { Change, ChangeResult } from '../../src/store/store'
import { HOST } from './compute-record'
import { at } from './fake-offers'

export interface FakeStorages extends StorageOperations, SnapshotOperations {
  /** What is kept; each is completed at once. */
  readonly snapshots: Map<string, SnapshotRecord>
  /** False: there is no such snapshot. */
  tagSnapshot(id: string, change: TagChange & { readonly dryRun?: boolean }): boolean
  /** Made by CreateImage. */
  readonly madeImages: Map<string, ImageRecord>
  /** What is kept; tests may put records in and change them. */
  readonly storages: Map<string, StorageRecord>
  /** Replaces the parts of a record that are given. */
  changeRecord(
    id: string,
    parts: { readonly [P in 'wish' | 'seen' | 'journal' | 'place']?: Partial<StorageRecord[P]> },
  ): void
}

const ZONES = ['a', 'b', 'c', 'd'].map((letter) => `local-1${letter}`)
const hosts = ZONES.map(
  (zone, index) =>
    ({
      kind: 'host',
      id: index === 0 ? HOST : `eeeeeeee-0000-4000-8000-00000000009${index}`,
      wish: { zone, removing: false },
      seen: { capabilities: { lacks: [] } },
    }) as unknown as HostRecord,
)
const project = (id: string) =>
  ({ kind: 'project', id, wish: { quota: {}, purging: false } }) as unknown as ProjectRecord

/** As a worker would have it. */
const completed = (seen: SnapshotRecord['seen']): SnapshotRecord['seen'] => ({
  ...seen,
  at,
  state: 'completed',
  percent: 100,
  completedAt: at,
})

export function fakeStorages(
  computes: Map<string, ComputeRecord>,
  mixins: ReadonlyMap<string, MixinRecord> = new Map(),
): FakeStorages {
  const storages = new Map<string, StorageRecord>()
  const snapshots = new Map<string, SnapshotRecord>()
  const madeImages = new Map<string, ImageRecord>()
  const tokens = new Map<string, { digest: string; answer: unknown }>()
  let made = 0

  const get = (kind: string, id: string): unknown => {
    if (kind === 'compute') return computes.get(id)
    if (kind === 'storage') return storages.get(id)
    if (kind === 'snapshot') return snapshots.get(id)
    if (kind === 'image') return madeImages.get(id)
    if (kind === 'mixin') return mixins.get(id)
    if (kind === 'host') return hosts.find((host) => host.id === id)
    return kind === 'project' ? project(id) : undefined
  }

  /** What a worker would have seen: a held volume is made on its machine's host. */
  const put = (record: StorageRecord, wish: StorageWish): void => {
    const compute = wish.holder ? computes.get(wish.holder.compute) : undefined
    const place = record.place.host !== null || !compute ? record.place : { ...compute.place, waiting: undefined }
    const isMade = place.host !== null
    const seen = isMade
      ? { ...record.seen, sizeGiB: wish.sizeGiB, madeAt: at, grownAt: wish.resized ? at : null }
      : record.seen
    const next = { ...record, rev: record.rev + 1, generation: record.generation + 1, wish, seen, place }
    storages.set(record.id, next as StorageRecord)
    if (!wish.exists) storages.delete(record.id)
  }
  const attach = (record: ComputeRecord, wish: ComputeRecord['wish']): void => {
    const own = record.seen.machine?.disks.filter((disk) => !disk.name.startsWith('vol-')) ?? []
    const held = volumesOf({ wish }).map((volume) => ({ name: volume.name, sizeGiB: 1, attached: true }))
    const machine = record.seen.machine && { ...record.seen.machine, disks: [...own, ...held] }
    const next = { ...record, rev: record.rev + 1, generation: record.generation + 1, wish }
    computes.set(record.id, { ...next, seen: { ...record.seen, machine } })
  }

  const change = async (asked: Change): Promise<ChangeResult> => {
    const known = asked.token && tokens.get(asked.token.token)
    if (known) return { state: 'token', ...known }
    if (asked.token) tokens.set(asked.token.token, { digest: asked.token.digest, answer: asked.answer })
    for (const { ref, project: owner, wish, seen, ...rest } of asked.creates ?? []) {
      if (ref.kind === 'snapshot' || ref.kind === 'image') {
        made += 1
        const record = { kind: ref.kind, id: ref.id, project: owner, rev: 1, generation: 1, ...rest }
        const wished = { ...(wish as object), createdAt: at + 1000 * made }
        if (ref.kind === 'image') madeImages.set(ref.id, { ...record, wish: wished, seen } as never)
        else
          snapshots.set(ref.id, { ...record, wish: wished, seen: completed(seen as SnapshotRecord['seen']) } as never)
        continue
      }
      const base = { kind: 'storage', id: ref.id, project: owner, rev: 0, generation: 0, seen, ...rest }
      made += 1
      put(base as unknown as StorageRecord, { ...(wish as StorageWish), createdAt: at + 1000 * made })
    }
    for (const { ref, wish } of asked.updates ?? []) {
      const storage = storages.get(ref.id)
      const compute = computes.get(ref.id)
      const snapshot = snapshots.get(ref.id)
      if (snapshot) snapshots.set(ref.id, { ...snapshot, wish: wish as SnapshotRecord['wish'] })
      if (storage) put(storage, wish as StorageWish)
      if (compute) attach(compute, wish as ComputeRecord['wish'])
    }
    return { state: 'done', answer: asked.answer ?? null }
  }

  const kinds: Readonly<Record<string, () => readonly unknown[]>> = {
    compute: () => [...computes.values()],
    storage: () => [...storages.values()],
    snapshot: () => [...snapshots.values()],
    image: () => [...madeImages.values()],
    host: () => hosts,
  }
  const list = (kind: string): unknown[] => [...(kinds[kind]?.() ?? [])]
  const context = {
    site: 'local-1',
    mirror: {
      fresh: async () => undefined,
      get,
      list: (kind: string, owner: string) => list(kind).filter((one) => (one as StorageRecord).project === owner),
      all: list,
      named: (name: string) =>
        [...storages.values()].find((one) => one.wish.name === name) ??
        [...madeImages.values()].find((one) => imageName(one.project, one.wish.name) === name),
    },
    store: {
      change,
      read: async (kind: string, id: string) => get(kind, id),
    },
    queue: { add: async () => undefined },
    clock: { now: () => at },
    log: { debug: () => undefined },
  } as unknown as Context
  return {
    ...openStorageOperations(context, context),
    ...openSnapshotOperations(context, context),
    snapshots,
    tagSnapshot(id, change) {
      const snapshot = snapshots.get(id)
      if (!snapshot) return false
      const tags = changeTags(snapshot.wish.tags, change)
      if (!change.dryRun) snapshots.set(id, { ...snapshot, wish: { ...snapshot.wish, tags } })
      return true
    },
    madeImages,
    storages,
    changeRecord: (id, parts) => {
      const record = storages.get(id)
      if (!record) throw fault('internal', `the fake has no storage ${id}`)
      storages.set(id, {
        ...record,
        wish: { ...record.wish, ...parts.wish },
        seen: { ...record.seen, ...parts.seen },
        journal: { ...record.journal, ...parts.journal },
        place: { ...record.place, ...parts.place },
      })
    },
  }
}
