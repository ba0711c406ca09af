/** Volumes of machines that are being ordered: empty ones made with each (EC2 block devices), and own ones to hang on it (OCCI links). */
import { fault } from '../../faults'
import type { ComputeRecord, ProjectRecord } from '../../model/records'
import type { Holder, SnapshotRecord, StorageRecord, VolumeWish } from '../../model/storage'
import type { Change } from '../../store/store'
import type { Caller, Context } from '../context'
import { held as heldAs } from '../held'
import { checkMixins } from '../mixins/check-mixins'
import type { RunOrder } from '../operations'
import { checkSamePlace, checkVolumeIsFree, holderFor, storageUpdate, volumeWish } from '../storage/attach'
import { checkAttachOrder, checkSize } from '../storage/check'
import { newStorage, storageCreation } from '../storage/new-storage'
import type { AttachOrder } from '../storage/operations'
import { ownStorage } from '../storage/read'
import { contentsOf } from '../storage/snapshots/read'

export interface WithVolumes {
  /** The same machines, their wishes naming their volumes. */
  readonly computes: readonly ComputeRecord[]
  readonly change: Pick<Change, 'creates' | 'takes' | 'counters' | 'updates' | 'holds'>
}

/** Faults: 'invalid', 'combination', 'not-found', 'in-use', 'state', 'conflict' (reason `zone`, `host`). */
export function orderVolumes(
  context: Context,
  caller: Caller,
  project: ProjectRecord,
  computes: readonly ComputeRecord[],
  order: RunOrder,
  now: number,
): WithVolumes {
  const { newVolumes = [], attach = [] } = order
  if (newVolumes.length === 0 && attach.length === 0) return { computes, change: {} }
  if (attach.length > 0 && computes.length > 1)
    throw fault('combination', 'volumes of your own can be attached to one machine only', { field: 'attach' })
  const made: StorageRecord[] = []
  const held: StorageRecord[] = []
  const snapshots = new Set<SnapshotRecord>()
  const withTheirs = computes.map((compute) => {
    let machine = compute
    for (const wanted of newVolumes) {
      const contents =
        wanted.snapshot === undefined ? undefined : contentsOf(context.mirror, caller, wanted.snapshot, wanted.sizeGiB)
      if (contents) snapshots.add(contents.record)
      const sizeGiB = wanted.sizeGiB ?? contents?.source.sizeGiB ?? 0
      checkSize(sizeGiB)
      checkAttachOrder(wanted)
      const holder = holderFor(machine, wanted, now)
      const { tags = {}, type = 'gp2' } = wanted
      const zone = compute.wish.zone
      const { userName } = caller
      const storage = newStorage({
        ...{ project: project.id, userName, sizeGiB, type, zone, tags, holder, now },
        ...(contents ? { source: contents.source } : {}),
      })
      made.push(storage)
      machine = holding(machine, storage, holder)
    }
    for (const wanted of attach) {
      checkAttachOrder(wanted)
      const storage = ownStorage(context.mirror, caller, wanted.storage)
      checkVolumeIsFree(context, storage)
      checkSamePlace(context, storage, machine)
      checkMixins(context, caller, wanted.mixins ?? [])
      const holder = holderFor(machine, wanted, now)
      held.push({ ...storage, wish: { ...storage.wish, holder, former: null } })
      machine = holding(machine, storage, holder, wanted.mixins)
    }
    return machine
  })
  const updates = held.map((storage) => storageUpdate(storage, {}))
  return {
    computes: withTheirs,
    change: { ...storageCreation(project, made), updates, holds: [...snapshots].map(heldAs) },
  }
}

function holding(
  compute: ComputeRecord,
  storage: StorageRecord,
  holder: Holder,
  mixins?: AttachOrder['mixins'],
): ComputeRecord {
  const volumes: readonly VolumeWish[] = [...(compute.wish.volumes ?? []), volumeWish(storage, holder, mixins)]
  return { ...compute, wish: { ...compute.wish, volumes } }
}
