/**
 * Leasing a public address to a project (EC2 AllocateAddress; OCCI POST or PUT of an ipreservation). The creating script takes the
 * address in `leases:<network>`, so that no two projects ever hold one. Of a provider no address is known yet: the record is written
 * first, and its own job asks for one.
 */
import { asFault, fault } from '../../faults'
import { leasable, parseIpv4 } from '../../model/addresses'
import { type AddressId, isUuid } from '../../model/ids'
import { isLeased } from '../../model/provider-addresses'
import {
  type AddressWish,
  DEFAULT_ADDRESS_QUOTA,
  type HostRecord,
  type NetworkRecord,
  type ProjectRecord,
} from '../../model/records'
import type { Change, Create } from '../../store/store'
import type { Propose, Refusal } from '../attempt'
import { checkTags } from '../check-tags'
import type { Caller, Context } from '../context'
import { created } from '../created'
import { drawId, drawName } from '../draw'
import { held } from '../held'
import { openProject } from '../open-project'
import { leaseAddresses } from '../run/lease-addresses'
import { checkTexts } from '../storage/check'
import type { AddressView, AllocateOrder } from './operations'
import { publicNetworks } from './pools'
import { hintOfPools, providerPools, refuseFull } from './provider-pools'
import { viewOf } from './read'
import { refuseUnpublished } from './refuse-unpublished'

/** The decision by itself. */
export function allocating(caller: Caller, order: AllocateOrder): Propose<AddressView> {
  checkOrder(order)
  let leasing: 'quick' | 'careful' = order.dryRun ? 'careful' : 'quick'
  return async (context, refusal) => {
    if (refusal?.state === 'quota') throw overQuota(refusal, caller)
    if (refusal?.state === 'taken') leasing = 'careful'
    await context.mirror.fresh(caller.project)
    const project = openProject(context, caller.project)
    const provider = providerPools(context.mirror).find(({ id }) => id === order.pool)
    if (order.id !== undefined) await checkIdIsFree(context, caller, order.id)
    const leased =
      provider === undefined ? await leaseHere(context, order, leasing) : leaseThere(context, order, provider)
    const create = creating(context, caller, order, leased)
    const value = viewOf(context.mirror, created('address', create))
    return {
      value,
      change: order.dryRun ? undefined : { holds: [held(project), held(leased.pool)], ...making(project, create) },
    }
  }
}

interface Leased {
  readonly pool: NetworkRecord | HostRecord
  /** '': its provider says which one it is. */
  readonly ip: string
}

async function leaseHere(context: Context, order: AllocateOrder, how: 'quick' | 'careful'): Promise<Leased> {
  const pools = poolsAsked(context, order)
  refuseUnpublished(context.mirror)
  return order.ip === undefined ? nextFree(context, pools, how) : thisOne(context, pools, order.ip)
}

function leaseThere({ mirror }: Context, { ip }: AllocateOrder, pool: HostRecord): Leased {
  if (ip !== undefined)
    throw fault('unsupported', `which address one in ${pool.wish.zone} is its provider says: it cannot be chosen`, {
      field: 'ip',
    })
  refuseFull(mirror, pool)
  return { pool, ip: '' }
}

function checkOrder(order: AllocateOrder): void {
  checkTexts(order)
  if (order.tags) checkTags(order.tags)
  if (order.id !== undefined && !isUuid(order.id)) throw unusableAddressId(order.id)
  if (order.ip !== undefined && parseIpv4(order.ip) === undefined)
    throw fault('malformed', `${JSON.stringify(order.ip.slice(0, 40))} is no IPv4 address`, {
      field: 'ip',
      subject: { kind: 'address', id: order.ip.slice(0, 40) },
    })
}

/** A path for an address that cannot be had: no UUID, or somebody else's, in the same words. */
const unusableAddressId = (id: string) =>
  fault('invalid', 'an address of your own naming needs a UUID in lower case that is not in use', {
    field: 'id',
    subject: { kind: 'address', id },
  })

async function checkIdIsFree({ store }: Context, caller: Caller, id: AddressId): Promise<void> {
  const there = await store.read('address', id)
  if (!there) return
  if (there.project !== caller.project) throw unusableAddressId(id)
  const message = isLeased(there) ? 'this address is there already' : 'an address of that id is still on its way back'
  throw fault('exists', message, { subject: { kind: 'address', id }, field: 'id' })
}

function poolsAsked({ mirror }: Context, { pool }: AllocateOrder): readonly NetworkRecord[] {
  const pools = publicNetworks(mirror)
  if (pools.length === 0 && pool === undefined)
    throw fault(
      'unsupported',
      `this site has no public addresses of its own: its operator offers none${hintOfPools(mirror)}`,
    )
  if (pool === undefined) return pools
  const named = pools.filter(({ id }) => id === pool)
  if (named.length > 0) return named
  throw fault('not-found', 'there is no such pool of addresses', { subject: { kind: 'addresspool', id: pool } })
}

/** Of the first pool that has one left. Faults: 'no-capacity'. */
async function nextFree(context: Context, pools: readonly NetworkRecord[], how: 'quick' | 'careful'): Promise<Leased> {
  for (const pool of pools) {
    const [ip] = await leaseAddresses(context, pool, 1, how).catch(noneLeft)
    if (ip !== undefined) return { pool, ip }
  }
  throw fault('no-capacity', 'all public addresses of this site are leased', { subject: { kind: 'address', id: '' } })
}

const noneLeft = (thrown: unknown): readonly string[] => {
  if (asFault(thrown).kind === 'no-capacity') return []
  throw thrown
}

async function thisOne({ store }: Context, pools: readonly NetworkRecord[], ip: string): Promise<Leased> {
  const subject = { kind: 'address', id: ip }
  const pool = pools.find(({ wish }) => leasable(wish.cidr, wish.gateway, wish.range)?.has(ip))
  if (!pool) throw fault('not-found', `Address '${ip}' not found: it is in no pool of this site`, { subject })
  const [holder] = await store.resolve(`leases:${pool.id}`, [ip])
  if (holder !== undefined) throw fault('in-use', `the address ${ip} is leased already`, { subject })
  return { pool, ip }
}

function creating(context: Context, caller: Caller, order: AllocateOrder, { pool, ip }: Leased): Create {
  const wish: AddressWish = {
    name: drawName('address'),
    ip,
    pool: pool.id,
    ...(pool.kind === 'host' ? { atProvider: true as const } : {}),
    holder: null,
    formers: [],
    title: order.title ?? null,
    summary: order.summary ?? null,
    tags: order.tags ?? {},
    createdAt: context.clock.now(),
    createdBy: caller.userName,
  }
  const id = order.id ?? drawId<AddressId>()
  const nothing = { seen: null, journal: null, place: null, wake: pool.kind === 'host' }
  return { ref: { kind: 'address', id }, project: caller.project, wish, ...nothing }
}

function making(project: ProjectRecord, create: Create): Pick<Change, 'creates' | 'takes' | 'counters'> {
  const { name, ip, pool, atProvider } = create.wish as AddressWish
  const value = `address:${create.ref.id}`
  const limit = project.wish.quota.addresses ?? DEFAULT_ADDRESS_QUOTA
  return {
    creates: [create],
    takes: [
      { hash: 'names', field: name, value },
      ...(atProvider ? [] : [{ hash: `leases:${pool}`, field: ip, value }]),
    ],
    counters: [{ project: project.id, name: 'addresses', by: 1, limit }],
  }
}

const overQuota = ({ counter, have }: Extract<Refusal, { readonly state: 'quota' }>, { project }: Caller) =>
  fault('quota', `the project's limit of ${counter.limit} addresses is reached; it has ${have}`, {
    field: 'addresses',
    subject: { kind: 'project', id: project },
  })
