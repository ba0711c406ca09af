/**
 * Attaching and detaching (OCCI storagelink; EC2 AttachVolume, DetachVolume). One script writes the wishes of both, the volume's
 * and the machine's, by both generations: a volume has one holder, and the next one only once the former let go of it.
 */
import { fault } from '../../faults'
import { lifecycle } from '../../model/lifecycle'
import type { Capabilities, Verb } from '../../model/machine'
import type { ComputeRecord, ComputeWish } from '../../model/records'
import {
  attachmentOf,
  type DiskPlace,
  devicesOf,
  freeDevice,
  type Holder,
  isTaken,
  placeOfVolume,
  releasedAtEnd,
  type StorageRecord,
  type StorageWish,
  unreachable,
  type VolumeWish,
  volumesOf,
} from '../../model/storage'
import type { Change, Update } from '../../store/store'
import { attemptOne, type Propose } from '../attempt'
import type { Caller, Context } from '../context'
import { checkMixins } from '../mixins/check-mixins'
import { ownCompute } from '../own-compute'
import { checkAttachOrder, MOST_VOLUMES } from './check'
import type { AttachOrder, DetachOrder, StorageView } from './operations'
import { ownStorage, viewOf } from './read'

/** Faults: 'not-found', 'invalid', 'in-use', 'state', 'conflict' (reason `zone`, `host`), 'unsupported', 'too-large', 'unavailable'. */
export const attachStorage = async (context: Context, caller: Caller, order: AttachOrder): Promise<StorageView> =>
  attemptOne(context, caller.actor, 'attach-storage', attaching(caller, order))

/** The decision by itself. */
export function attaching(caller: Caller, order: AttachOrder): Propose<StorageView> {
  checkAttachOrder(order)
  return async (context) => {
    await context.mirror.fresh(caller.project)
    const storage = ownStorage(context.mirror, caller, order.storage)
    const compute = ownCompute(context.mirror.get('compute', order.compute), caller, order.compute)
    checkVolumeIsFree(context, storage)
    checkMachineTakesVolumes(compute)
    checkSamePlace(context, storage, compute)
    checkMixins(context, caller, order.mixins ?? [])
    const holder = holderFor(compute, order, context.clock.now())
    const after = { ...storage, wish: { ...storage.wish, holder } }
    const value: StorageView = { record: after, attachment: { holder, state: 'attaching' } }
    if (order.dryRun) return { change: undefined, value }
    return { value, change: { updates: attachUpdates(after, compute, holder, order.mixins), wakes: [ref(storage)] } }
  }
}

const ref = ({ id }: StorageRecord) => ({ kind: 'storage', id }) as const

/** Faults: 'state', 'in-use' naming the machine. */
export function checkVolumeIsFree({ mirror }: Context, storage: StorageRecord): void {
  const { name } = storage.wish
  const subject = { kind: 'storage', id: storage.id }
  if (!storage.wish.exists) throw fault('state', `the volume ${name} is being deleted`, { subject })
  if (!storage.wish.online) throw fault('state', `the volume ${name} is offline`, { subject, allowed: ['online'] })
  const attachment = attachmentOf(storage, (id) => mirror.get('compute', id))
  if (attachment)
    throw fault('in-use', `the volume ${name} is ${attachment.state} at ${attachment.holder.computeName}`, { subject })
}

const TAKES: ReadonlySet<string> = new Set([
  'pending',
  'held',
  'preparing',
  'booting',
  'running',
  'poweroff',
  'undeployed',
])

function checkMachineTakesVolumes(compute: ComputeRecord): void {
  const state = lifecycle(compute)
  const subject = { kind: 'compute', id: compute.id }
  if (!TAKES.has(state))
    throw fault('state', `the machine ${compute.wish.name} is ${state}; a volume is attached while it runs or is off`, {
      subject,
      allowed: [...TAKES],
    })
  if (volumesOf(compute).length >= MOST_VOLUMES)
    throw fault('too-large', `a machine has at most ${MOST_VOLUMES} volumes`, { subject, field: 'volumes' })
}

/** Before anything changes: what can never come together is refused by name. */
export function checkSamePlace(
  { mirror }: Context,
  storage: StorageRecord,
  { id, wish, place, seen }: Pick<ComputeRecord, 'id' | 'wish' | 'place'> & Partial<Pick<ComputeRecord, 'seen'>>,
): void {
  const subject = { kind: 'storage', id: storage.id }
  const volume = storage.wish.name
  const [its, theirs] = [storage.place.zone ?? storage.wish.zone, place.zone ?? wish.zone]
  if (its !== null && theirs !== null && its !== theirs)
    throw fault('conflict', `the volume ${volume} is in ${its}, the machine ${wish.name} in ${theirs}`, {
      subject,
      reason: 'zone',
    })
  const lies = placeOf(storage)
  const host = place.host === null ? undefined : mirror.get('host', place.host)
  if (host !== undefined && unreachable(lies, host) !== null)
    throw fault(
      'conflict',
      `the volume ${volume} lies on another host than the machine ${wish.name} and cannot be moved`,
      { subject, reason: 'host' },
    )
  checkSameZoneThere(storage, wish.name, seen?.machine?.given?.zone)
  const others = (wish.volumes ?? []).flatMap((one) => mirror.get('storage', one.storage) ?? []).map(placeOf)
  if (others.some((other) => areApart(lies, other)))
    throw fault('conflict', `the volume ${volume} lies on another host than the other volumes of ${wish.name}`, {
      subject,
      reason: 'host',
    })
  const lacks = mirror.get('host', place.host ?? '')?.seen.capabilities?.lacks
  const lacking = lackOf(lacks, 'attach-disk') ?? (isUnfilled(storage) ? lackOf(lacks, 'snapshot-disk') : undefined)
  if (lacking !== undefined)
    throw fault('unsupported', `a volume cannot be attached to ${wish.name}: ${lacking}`, {
      subject: { kind: 'compute', id },
    })
}

/** It is to have contents of the image store and has no disk yet: where no disk goes there, none comes from there. */
const isUnfilled = ({ wish: { source }, seen }: StorageRecord): boolean =>
  seen.madeAt === null && source !== undefined && !source.blank

/** A provider has zones of its own inside what is one zone here. */
function checkSameZoneThere(
  { id, wish: { name }, seen: { zoneThere: its } }: StorageRecord,
  machine: string,
  theirs: string | undefined,
): void {
  if (its !== undefined && theirs !== undefined && its !== theirs)
    throw fault('conflict', `the volume ${name} is in ${its} at its provider, the machine ${machine} in ${theirs}`, {
      subject: { kind: 'storage', id },
      reason: 'zone',
    })
}

/** Also of one that has a place and was not made there yet. */
const placeOf = (storage: StorageRecord): DiskPlace => ({ ...placeOfVolume(storage), host: storage.place.host })

/** On two hosts, and at least one of them on its host alone. */
const areApart = (one: DiskPlace, other: DiskPlace): boolean =>
  one.host !== null && other.host !== null && one.host !== other.host && (one.pool === null || other.pool === null)

const lackOf = (lacks: Capabilities['lacks'] = [], verb: Verb): string | undefined =>
  lacks.find((one) => one.verb === verb)?.because

/** Faults: 'invalid' for a device that is taken, 'too-large' when none is free. */
export function holderFor(
  compute: ComputeRecord,
  order: Pick<AttachOrder, 'device' | 'deleteOnTermination' | 'mountpoint'>,
  now: number,
): Holder {
  const taken = devicesOf(compute)
  if (order.device !== undefined && isTaken(order.device, taken))
    throw fault('invalid', `the device ${order.device} of ${compute.wish.name} is in use already`, {
      field: 'device',
      reason: 'device-taken',
    })
  const device = order.device ?? freeDevice(taken)
  if (device === undefined) throw fault('too-large', 'the machine has no device left', { field: 'volumes' })
  return {
    compute: compute.id,
    computeName: compute.wish.name,
    device,
    deleteOnTermination: order.deleteOnTermination ?? false,
    since: now,
    mountpoint: order.mountpoint ?? null,
  }
}

/** How the machine's wish names a volume. */
export const volumeWish = (
  storage: StorageRecord,
  { device, deleteOnTermination, since, mountpoint }: Holder,
  mixins: AttachOrder['mixins'] = [],
): VolumeWish => ({
  storage: storage.id,
  name: storage.wish.name,
  device,
  deleteOnTermination,
  since,
  ...(mountpoint === null ? {} : { mountpoint }),
  ...(mixins.length === 0 ? {} : { mixins }),
})

const attachUpdates = (
  storage: StorageRecord,
  compute: ComputeRecord,
  holder: Holder,
  mixins: AttachOrder['mixins'],
): readonly Update[] => [
  storageUpdate(storage, { holder, former: null }),
  computeUpdate(compute, { volumes: [...volumesOf(compute), volumeWish(storage, holder, mixins)] }),
]

/** A volume's wish, changed: by its generation. */
export const storageUpdate = (storage: StorageRecord, wish: Partial<StorageWish>): Update => ({
  ref: ref(storage),
  project: storage.project,
  generation: storage.generation,
  wish: { ...storage.wish, ...wish },
  raisePhase: true,
  wake: true,
})

const computeUpdate = (compute: ComputeRecord, wish: Partial<ComputeWish>): Update => ({
  ref: { kind: 'compute', id: compute.id },
  project: compute.project,
  generation: compute.generation,
  wish: { ...compute.wish, ...wish },
  raisePhase: false,
  wake: true,
})

/** Faults: 'not-found' (volume, attachment), 'state' (reason `detached`), 'conflict', 'unavailable'. */
export const detachStorage = (context: Context, caller: Caller, order: DetachOrder): Promise<StorageView> =>
  attemptOne(context, caller.actor, 'detach-storage', detaching(caller, order))

/** The decision by itself. */
export const detaching =
  (caller: Caller, order: DetachOrder): Propose<StorageView> =>
  async (context) => {
    await context.mirror.fresh(caller.project)
    const storage = ownStorage(context.mirror, caller, order.storage)
    const view = viewOf(context.mirror, storage)
    const { attachment } = view
    if (attachment === undefined) throw notAttached(storage)
    if (isElsewhere(attachment.holder, order)) throw elsewhere(storage)
    // Asked twice: the first time stands.
    if (attachment.state === 'detaching' || order.dryRun) return { change: undefined, value: view }
    const compute = context.mirror.get('compute', attachment.holder.compute)
    return {
      value: { record: storage, attachment: { ...attachment, state: 'detaching' } },
      change: released(storage, attachment.holder, compute),
    }
  }

const isElsewhere = (holder: Holder, { compute, device }: DetachOrder): boolean =>
  (compute !== undefined && compute !== holder.compute) || (device !== undefined && device !== holder.device)

const notAttached = ({ id, wish }: StorageRecord) =>
  fault('state', `the volume ${wish.name} is attached to no machine`, {
    subject: { kind: 'storage', id },
    reason: 'detached',
  })

const elsewhere = ({ id, wish }: StorageRecord) =>
  fault('not-found', `the volume ${wish.name} is not attached there`, { subject: { kind: 'attachment', id } })

/** Neither names the other any more; a machine that is not there is not written. */
function released(storage: StorageRecord, holder: Holder, compute: ComputeRecord | undefined): Pick<Change, 'updates'> {
  const update = storageUpdate(storage, { holder: null, former: holder })
  if (compute === undefined) return { updates: [update] }
  const volumes = volumesOf(compute).filter((one) => one.storage !== storage.id)
  return { updates: [update, computeUpdate(compute, { volumes })] }
}

/** What becomes of the volumes of machines that are deleted: they are let go, or deleted with their machine. */
export const releasedWith = ({ mirror }: Context, computes: readonly ComputeRecord[], now: number): readonly Update[] =>
  computes.flatMap((compute) =>
    volumesOf(compute).flatMap((volume): readonly Update[] => {
      const storage = mirror.get('storage', volume.storage)
      if (storage?.wish.holder?.compute !== compute.id) return []
      const { holder } = storage.wish
      return [storageUpdate(storage, releasedAtEnd(storage.wish, holder, now))]
    }),
  )
