/** Changing a volume: size, texts, level online, attributes (OCCI PUT, POST, resize, online, offline; EC2 ModifyVolume…). */
import { fault } from '../../faults'
import { type Use, useOfVolume } from '../../model/accounts'
import { isAttached, type StorageRecord, type StorageWish, type VolumeType, volumesOf } from '../../model/storage'
import type { Change, Counter, Update } from '../../store/store'
import { attempt, type Proposal } from '../attempt'
import type { Caller, Context } from '../context'
import { checkMixins } from '../mixins/check-mixins'
import { MOST_AT_ONCE } from '../run/check-order'
import { storageUpdate } from './attach'
import { checkSize, checkTexts } from './check'
import { openProject, overQuota } from './create'
import { volumeCounters } from './new-storage'
import type { ChangeStorageOrder, StorageView } from './operations'
import { ownStorage, viewOf } from './read'

/** Faults: 'not-found', 'invalid' (smaller), 'state', 'in-use', 'quota', 'unsupported', 'conflict', 'unavailable'. */
export function changeStorage(context: Context, caller: Caller, order: ChangeStorageOrder): Promise<StorageView> {
  checkOrder(order)
  return attempt(context, caller.actor, 'change-storage', async (refusal): Promise<Proposal<StorageView>> => {
    if (refusal?.state === 'quota') throw overQuota(refusal, caller)
    await context.mirror.fresh(caller.project)
    const { storage, wish, value } = decided(context, caller, order)
    if (order.dryRun || Object.keys(wish).length === 0) return { change: undefined, value }
    return { value, change: changeOf(context, caller, storage, wish) }
  })
}

/** All or none, in one script. Faults: as changeStorage's, and 'too-large'. */
export function changeStorages(
  context: Context,
  caller: Caller,
  orders: readonly Omit<ChangeStorageOrder, 'deleteOnTermination'>[],
): Promise<readonly StorageView[]> {
  if (orders.length > MOST_AT_ONCE)
    throw fault('too-large', `at most ${MOST_AT_ONCE} volumes can be changed at once`, { field: 'ids' })
  for (const order of orders) checkOrder(order)
  return attempt(
    context,
    caller.actor,
    'change-storages',
    async (refusal): Promise<Proposal<readonly StorageView[]>> => {
      if (refusal?.state === 'quota') throw overQuota(refusal, caller)
      await context.mirror.fresh(caller.project)
      const all = orders.map((order) => decided(context, caller, order))
      const value = all.map((one) => one.value)
      const changed = all.filter(({ wish }, at) => Object.keys(wish).length > 0 && !orders[at]?.dryRun)
      if (changed.length === 0) return { change: undefined, value }
      const more = changed.reduce((sum, { storage, wish }) => sum + growth(storage, wish), 0)
      const updates = changed.map(({ storage, wish }) => storageUpdate(storage, wish))
      const used = changed.flatMap(({ storage, wish }) => untilGrown(storage, wish))
      return { value, change: { updates, counters: countersOf(context, caller, more), used } }
    },
  )
}

function checkOrder(order: ChangeStorageOrder): void {
  if (order.sizeGiB !== undefined) checkSize(order.sizeGiB)
  checkTexts(order)
}

interface Decision {
  readonly storage: StorageRecord
  readonly wish: Partial<StorageWish>
  readonly value: StorageView
}

function decided(context: Context, caller: Caller, order: ChangeStorageOrder): Decision {
  const storage = ownStorage(context.mirror, caller, order.storage)
  if (!storage.wish.exists)
    throw fault('state', `the volume ${storage.wish.name} is being deleted`, {
      subject: { kind: 'storage', id: storage.id },
    })
  checkMixins(context, caller, order.addMixins ?? [])
  const wish = wished(context, storage, order)
  return { storage, wish, value: viewOf(context.mirror, { ...storage, wish: { ...storage.wish, ...wish } }) }
}

function wished(context: Context, storage: StorageRecord, order: ChangeStorageOrder): Partial<StorageWish> {
  const { wish } = storage
  const { title, summary, online, autoEnableIo, type } = order
  return {
    ...retyped(context, storage, type),
    ...grown(context, storage, order),
    ...(title === undefined || title === wish.title ? {} : { title }),
    ...(summary === undefined || summary === wish.summary ? {} : { summary }),
    ...(online === undefined || online === wish.online ? {} : { online: checkedLevel(context, storage, online) }),
    ...rewornMixins(wish, order),
    ...(autoEnableIo === undefined || autoEnableIo === wish.autoEnableIo ? {} : { autoEnableIo }),
    ...(order.deleteOnTermination === undefined || wish.holder === null
      ? {}
      : { holder: { ...wish.holder, deleteOnTermination: order.deleteOnTermination } }),
  }
}

/** EC2 counts another type as a modification too. */
function retyped({ clock }: Context, { wish }: StorageRecord, type: VolumeType | undefined): Partial<StorageWish> {
  if (type === undefined || type === wish.type) return {}
  return { type, resized: { fromGiB: wish.sizeGiB, fromType: wish.type, at: clock.now() } }
}

function rewornMixins(
  { mixins = [] }: StorageWish,
  { addMixins = [], removeMixins = [] }: ChangeStorageOrder,
): Partial<StorageWish> {
  const kept = mixins.filter((one) => !removeMixins.includes(one))
  const next = [...new Set([...kept, ...addMixins])]
  return next.length === mixins.length && next.every((one) => mixins.includes(one)) ? {} : { mixins: next }
}

function grown(
  context: Context,
  storage: StorageRecord,
  { sizeGiB, type }: Pick<ChangeStorageOrder, 'sizeGiB' | 'type'>,
): Partial<StorageWish> {
  const { wish, place, id } = storage
  if (sizeGiB === undefined || sizeGiB === wish.sizeGiB) return {}
  if (sizeGiB < wish.sizeGiB)
    throw fault('invalid', `the volume ${wish.name} has ${wish.sizeGiB} GiB; it can be made larger, not smaller`, {
      field: 'sizeGiB',
      subject: { kind: 'storage', id },
    })
  const host = place.host === null ? undefined : context.mirror.get('host', place.host)
  const lack = host?.seen.capabilities?.lacks.find(({ verb }) => verb === 'grow-disk')
  if (lack) throw fault('unsupported', `the volume ${wish.name} cannot grow: ${lack.because}`, { field: 'sizeGiB' })
  const fromType = type === undefined || type === wish.type ? {} : { fromType: wish.type }
  const at = context.clock.now()
  return { sizeGiB, resized: { fromGiB: wish.sizeGiB, ...fromType, at }, grownAt: at }
}

/** What a machine uses is not taken offline under it. */
function checkedLevel(context: Context, storage: StorageRecord, online: boolean): boolean {
  const { attachment } = viewOf(context.mirror, storage)
  if (!online && attachment)
    throw fault(
      'in-use',
      `the volume ${storage.wish.name} is ${attachment.state} at ${attachment.holder.computeName}`,
      {
        subject: { kind: 'storage', id: storage.id },
      },
    )
  return online
}

function changeOf(
  context: Context,
  caller: Caller,
  storage: StorageRecord,
  wish: Partial<StorageWish>,
): Pick<Change, 'updates' | 'counters' | 'used'> {
  const counters = countersOf(context, caller, growth(storage, wish))
  const updates = [storageUpdate(storage, wish), ...withItsMachine(context, storage, wish)]
  return { updates, counters, used: untilGrown(storage, wish) }
}

/** What it was until it grew: from then on it is another use. */
const untilGrown = (storage: StorageRecord, { grownAt }: Partial<StorageWish>): readonly Use[] =>
  grownAt === undefined ? [] : [{ ...useOfVolume(storage), until: grownAt }]

const growth = (storage: StorageRecord, wish: Partial<StorageWish>): number =>
  (wish.sizeGiB ?? storage.wish.sizeGiB) - storage.wish.sizeGiB

const countersOf = (context: Context, caller: Caller, more: number): readonly Counter[] =>
  more === 0 ? [] : volumeCounters(openProject(context, caller), 0, more)

/** The machine's wish says as well whether the volume goes with it. */
function withItsMachine({ mirror }: Context, storage: StorageRecord, { holder }: Partial<StorageWish>): Update[] {
  const compute = holder ? mirror.get('compute', holder.compute) : undefined
  if (!holder || !compute) return []
  const { deleteOnTermination } = holder
  const volumes = volumesOf(compute).map((one) => (one.storage === storage.id ? { ...one, deleteOnTermination } : one))
  const { id, project, generation } = compute
  const wake = !isAttached(compute, storage.wish.name)
  return [
    {
      ref: { kind: 'compute', id },
      project,
      generation,
      wish: { ...compute.wish, volumes },
      raisePhase: false,
      wake,
    },
  ]
}
