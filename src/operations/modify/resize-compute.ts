/**
 * Another instance type for a machine that is off (EC2 ModifyInstanceAttribute), or other amounts for one that runs, as far as
 * it was started to have them (OCCI). One script changes the wish, the project's counters and what the machine claims of its host;
 * the worker then writes its definition anew, or resizes what runs. It stays on its host, where its disks are: no room there is a
 * refusal, before anything changes.
 */
import { fault } from '../../faults'
import { beginUse, useOfPlace } from '../../model/accounts'
import { refuseEnded, refuseUnoffered } from '../../model/federation'
import { lifecycle } from '../../model/lifecycle'
import type { Size } from '../../model/machine'
import {
  demandOf,
  formatClaim,
  hostViews,
  lastingOf,
  parseClaim,
  preferenceOf,
  resizedClaim,
} from '../../model/placement'
import { meetsRequirements } from '../../model/placement/filters/meets-requirements'
import { machineQuota, QUOTA_NAMES, quotaShare } from '../../model/quota'
import type { ComputeRecord, ComputeWish, ProjectRecord } from '../../model/records'
import type { Change, Counter, Reclaim, Update } from '../../store/store'
import { attemptOne, type Propose, type Refusal } from '../attempt'
import { notFound } from '../change-computes'
import type { Caller, Context } from '../context'
import { refuseAtProvider } from '../refuse-lacking'
import { refuseUnlessGrown } from './grown'
import type { ModifyOperations } from './operations'
import { refuseUnlessOff } from './stopped'

type Order = Parameters<ModifyOperations['resizeCompute']>[1]

/** What else of the wish changes with it, in the same script. */
export type Also = (wish: ComputeWish) => Partial<ComputeWish>

/** Faults: 'not-found' (machine, type), 'forbidden' (a partner), 'state', 'quota', 'no-capacity', 'conflict', 'unavailable', and what `also` throws. */
export const resizeCompute = (
  context: Context,
  caller: Caller,
  order: Order,
  also: Also = () => ({}),
): Promise<ComputeRecord> => attemptOne(context, caller.actor, 'resize-compute', resizing(caller, order, also))

/** The decision by itself. */
export const resizing =
  (caller: Caller, order: Order, also: Also): Propose<ComputeRecord> =>
  async (context, refusal) => {
    if (refusal?.state === 'quota') throw overQuota(refusal)
    await context.mirror.fresh(caller.project)
    const project = context.mirror.get('project', caller.project)
    // Phase and claims are the store's to tell: the mirror may lag behind what nobody sees.
    const record = await context.store.read('compute', order.id)
    if (!project || record?.project !== caller.project) throw notFound([order.id])
    refuseAtProvider(context, record, 'resize', 'given another size')
    const what = order.type === undefined ? 'its memory and its cores are' : 'the instance type is'
    const state = lifecycle(record)
    const size = sizeOf(context, order, record)
    const { partner } = project.wish
    if (partner && !isSame(size, record.wish.size)) {
      refuseEnded(partner, context.site, context.clock.now())
      refuseUnoffered(partner, size.type)
    }
    if (order.running === 'grows' && state === 'running') refuseUnlessGrown(context, record, size)
    else refuseUnlessOff(record, state, what)
    const more = also(record.wish)
    if (isSame(size, record.wish.size) && Object.keys(more).length === 0) return { change: undefined, value: record }
    const wish = { ...ofType(context, order.type, record.wish), ...more, size }
    refuseUnlessMet(context, { ...record, wish })
    const reclaims = await claimOnItsHost(context, record, size)
    const value: ComputeRecord = { ...record, wish, rev: record.rev + 1, generation: record.generation + 1 }
    if (order.dryRun) return { change: undefined, value }
    const { id, generation, phase } = record
    const { used = [], ...place } = countedAs(record, wish, context.clock.now())
    const update = { ref: { kind: 'compute', id } as const, project: project.id, generation, phase, wish }
    return {
      value,
      change: {
        updates: [{ ...update, raisePhase: false, wake: true, ...place }],
        used,
        counters: difference(project, record.wish.size, size),
        reclaims,
      },
    }
  }

const isSame = (a: Size, b: Size): boolean =>
  a.type === b.type && a.cores === b.cores && a.memoryMiB === b.memoryMiB && a.cpuHundredths === b.cpuHundredths

/** Another type says anew where its machines are to be. */
function ofType({ mirror }: Context, name: string | undefined, wish: ComputeWish): ComputeWish {
  if (name === undefined) return wish
  const { placement, ...rest } = wish
  const found = mirror.named(`type:${name}`)
  const type = found?.kind === 'type' ? found.wish.placement : undefined
  const own = placement?.own
  if (own === undefined && type === undefined) return rest
  return { ...rest, placement: { ...(own ? { own } : {}), ...(type ? { type } : {}) } }
}

/** It stays where it is, so its host must meet what its new type asks for. */
function refuseUnlessMet({ mirror }: Context, record: ComputeRecord): void {
  const type = record.wish.placement?.type
  const host = record.place.host === null ? undefined : mirror.get('host', record.place.host)
  const preference = lastingOf(type && preferenceOf([type]))
  const [view] = host ? hostViews([{ record: host, claims: [] }]) : []
  if (!preference || !view || meetsRequirements.admits({ ...demandOf(record, 0), preference }, view) === true) return
  const asked = preference.requirements.map(({ text }) => text).join(' and ')
  throw fault(
    'no-capacity',
    `the host that this machine is on does not meet the requirements of its new type: ${asked}`,
    {
      subject: { kind: 'compute', id: record.id },
    },
  )
}

function sizeOf({ mirror }: Context, order: Order, { wish }: ComputeRecord): Size {
  if (order.type === undefined) {
    const { cores = wish.size.cores, memoryMiB = wish.size.memoryMiB } = order
    if (cores === wish.size.cores && memoryMiB === wish.size.memoryMiB) return wish.size
    return { type: '', cores, cpuHundredths: 100 * cores, memoryMiB, diskGiB: wish.size.diskGiB }
  }
  const name = order.type
  const type = mirror.named(`type:${name}`)
  if (type?.kind === 'type') return { ...type.wish.size, type: type.wish.name, diskGiB: wish.size.diskGiB }
  throw fault('not-found', `there is no instance type ${name.slice(0, 64)}`, {
    field: 'type',
    subject: { kind: 'type', id: name.slice(0, 64) },
  })
}

/** From now on it is counted as what it becomes, where it has a place. To be written with its phase compared: the place is then the one that was read. */
export function countedAs(
  record: ComputeRecord,
  wish: ComputeWish,
  now: number,
): Pick<Change, 'used'> & Pick<Update, 'place'> {
  const former = useOfPlace(record, now)
  if (former === undefined) return {}
  return { used: [former], place: { ...record.place, use: beginUse(wish, now) } }
}

export async function claimOnItsHost(
  { mirror, store }: Context,
  { id, place, wish }: ComputeRecord,
  size: Size,
): Promise<readonly Reclaim[]> {
  if (place.host === null) return []
  const host = mirror.get('host', place.host)
  const [held] = await store.hostClaims([place.host])
  if (!host || !held) throw fault('unavailable', 'the host of this machine is not known yet; try again')
  const others = Object.entries(held.claims).flatMap(([compute, claim]) => (compute === id ? [] : [parseClaim(claim)]))
  const claim = resizedClaim(held.claims[id], size)
  // The place of its reservation that it is in is not in its way.
  const here = { ...claim, cores: 0, cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 }
  const [view] = hostViews([{ record: host, claims: [...others, here] }])
  const hasRoom =
    view !== undefined &&
    view.free.cpuHundredths >= size.cpuHundredths &&
    view.free.memoryMiB >= size.memoryMiB &&
    (size.diskGiB <= wish.size.diskGiB || view.free.diskGiB >= size.diskGiB)
  if (!hasRoom)
    throw fault(
      'no-capacity',
      `the host that this machine is on has no room for ${size.type || `${size.cores} cores and ${size.memoryMiB} MiB`}`,
      {
        subject: { kind: 'compute', id },
      },
    )
  return [{ host: place.host, revision: held.revision, compute: id, claim: formatClaim(claim) }]
}

function difference({ id, wish }: ProjectRecord, before: Size, after: Size): readonly Counter[] {
  const [less, more, quota] = [quotaShare(wish, before), quotaShare(wish, after), machineQuota(wish)]
  return QUOTA_NAMES.filter((name) => more[name] !== less[name]).map((name) => ({
    project: id,
    name,
    by: more[name] - less[name],
    limit: quota[name],
  }))
}

const overQuota = ({ counter }: Extract<Refusal, { readonly state: 'quota' }>) =>
  fault('quota', `the project's limit of ${counter.limit} (${counter.name}) leaves no room for that size`, {
    field: counter.name,
    subject: { kind: 'project', id: counter.project },
  })
