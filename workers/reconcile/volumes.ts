/**
 * The volumes of a machine, as its job needs to know them: only those that are ready on its host are wanted of it now. The
 * others are told to get ready and the machine comes back for them; nothing else of it waits.
 */
import type { Ref } from '../../src/model/ids'
import type { ComputeRecord } from '../../src/model/records'
import { growsWhileOff, type StorageRecord, volumesOf } from '../../src/model/storage'
import type { Looked } from './look'
import { starts } from './plan'
import type { Next, Work } from './work'

/** How often a machine looks whether its volumes are ready, ms. */
export const READY_MS = 1000

export interface WithVolumes {
  /** Its wish names ready volumes only. For deciding, never written. */
  readonly record: ComputeRecord
  /** Volumes that are not ready yet. */
  readonly awaited: readonly Ref[]
  /** Those that are ready, and are made larger while it is off. */
  readonly growing: readonly (Ref & { readonly name: string })[]
}

/** Ready: its disk is on the machine's host, and this machine is the one that it is to hang on. */
const isReady = (volume: StorageRecord | undefined, { id, place }: ComputeRecord): boolean =>
  volume !== undefined &&
  volume.wish.holder?.compute === id &&
  volume.place.host === place.host &&
  volume.seen.sizeGiB !== null

export async function withReadyVolumes(work: Work, record: ComputeRecord): Promise<WithVolumes> {
  const wanted = volumesOf(record)
  if (wanted.length === 0 || !record.wish.exists) return { record, awaited: [], growing: [] }
  const found = await work.store.readMany(
    'storage',
    wanted.map((volume) => volume.storage),
  )
  const ready = wanted.flatMap((volume, at) => {
    const storage = found[at]
    return isReady(storage, record) ? [{ ...volume, sizeGiB: storage?.seen.sizeGiB ?? 0 }] : []
  })
  const awaited = found.flatMap((volume): Ref[] =>
    volume !== undefined && volume.wish.holder?.compute === record.id && !isReady(volume, record)
      ? [{ kind: 'storage', id: volume.id }]
      : [],
  )
  const growing = found.flatMap((volume): WithVolumes['growing'] =>
    volume !== undefined && isReady(volume, record) && growsWhileOff(volume)
      ? [{ kind: 'storage', id: volume.id, name: volume.wish.name }]
      : [],
  )
  return { record: { ...record, wish: { ...record.wish, volumes: ready } }, awaited, growing }
}

/**
 * What is made larger before it starts, for then a guest has it open again: the start waits. At a provider, and where somebody has it
 * open still, it starts with what is there.
 */
export function growingFirst({ growing }: WithVolumes, { machine, decision }: Looked): readonly Ref[] {
  if (decision.kind !== 'do' || !starts(decision) || machine.whole) return []
  return growing
    .filter(({ name }) => machine.disks.some((disk) => disk.name === name && !disk.open))
    .map(({ kind, id }) => ({ kind, id }))
}

/** When to come back, with volumes that are awaited: they are told, should nobody have told them that there is a place now. */
export async function comingBackFor(work: Work, awaited: readonly Ref[], next: Next): Promise<Next> {
  if (awaited.length === 0 || next === 'forgotten') return next
  const now = work.clock.now()
  await work.store.wake(awaited, now)
  await work.queue.add(awaited)
  return { at: Math.min(next.at ?? Number.POSITIVE_INFINITY, now + READY_MS) }
}
