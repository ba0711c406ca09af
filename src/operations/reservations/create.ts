/**
 * Reserving capacity (EC2 CreateCapacityReservation; OCCI POST or PUT of a reservation). What it needs is decided on hosts' claims as they
 * are now, and one script writes the record with a claim on each of its hosts, against the revisions that were read: what is accepted
 * is held, and what moved meanwhile is decided on again. So the answer needs no worker, and nothing is promised twice.
 */
import { fault } from '../../faults'
import { refuseToPartner } from '../../model/federation'
import type { ReservationId } from '../../model/ids'
import { claimFor, differing, isCrowded, type Reserved, reserve, withClaim } from '../../model/placement'
import type { ReservationSeen, ReservationWish, TypeRecord } from '../../model/records'
import type { Create } from '../../store/store'
import { attemptOne, type Propose } from '../attempt'
import type { Caller, Context } from '../context'
import { created } from '../created'
import { drawId, drawName } from '../draw'
import { held } from '../held'
import { idIn, once } from '../once'
import { openProject } from '../open-project'
import { claimedHosts } from './hosts'
import type { ReservationView, ReserveOrder } from './operations'
import { checkReserveOrder, unusableReservationId } from './order'
import { overQuota, reservedCounters } from './quota'
import { noReservation, viewOf } from './read'

/** Faults: 'invalid', 'no-capacity', 'quota', 'idempotency', 'exists', 'forbidden', 'conflict', 'unavailable'. */
export async function createReservation(
  context: Context,
  caller: Caller,
  order: ReserveOrder,
): Promise<ReservationView> {
  return attemptOne(context, caller.actor, 'create-reservation', reserving(context, caller, order))
}

/** The decision by itself. */
export function reserving(
  { clock }: Pick<Context, 'clock'>,
  caller: Caller,
  order: ReserveOrder,
): Propose<ReservationView> {
  checkReserveOrder(order, clock.now())
  return once({ caller, sort: 'reservation', order }, deciding(caller, order), firstAnswer)
}

const deciding =
  (caller: Caller, order: ReserveOrder): Propose<ReservationView> =>
  async (context, refusal) => {
    if (refusal?.state === 'quota') throw overQuota(refusal, caller.project)
    await context.mirror.fresh(caller.project)
    const project = openProject(context, caller.project)
    refuseToPartner(project.wish.partner, 'it can reserve no capacity')
    const type = typeOf(context, order.type)
    checkZone(context, order.zone)
    if (order.id !== undefined) await checkIdIsFree(context, caller, order.id)
    const now = context.clock.now()
    const wish = newWish(caller, order, type, now)
    const hosts = await claimedHosts(context)
    const { size, count, zone, startsAt: from, endsAt: until } = wish
    const decided = reserve({ size, count, zone, project: project.id, from, until }, hosts, now)
    if (decided.state === 'refused') throw noRoom(wish, decided)
    const id = order.id ?? drawId<ReservationId>()
    const ref = { kind: 'reservation', id } as const
    const after = decided.hosts.reduce(
      (all, { host, slots }) => withClaim(all, host, id, claimFor({ id, project: project.id, wish }, slots)),
      hosts,
    )
    // Whoever gives way to it has to be gone first.
    const clearing = isCrowded(id, after, now) ? { clearing: true } : {}
    const seen: ReservationSeen = { held: count, goneAt: null, message: null, ...clearing }
    const create: Create = { ref, project: project.id, wish, seen, journal: null, place: null, wake: true }
    const record = created('reservation', create)
    const value = viewOf(context, record)
    if (order.dryRun) return { change: undefined, value }
    return {
      value,
      answer: { reservation: id },
      change: {
        holds: [held(project), held(type)],
        creates: [create],
        takes: [{ hash: 'names', field: wish.name, value: `reservation:${id}` }],
        reclaims: differing(id, hosts, after),
        counters: reservedCounters(project, wish, count),
        wakes: [{ kind: 'placement', id: 'site' }],
      },
    }
  }

/** What the same token got before. Faults: 'not-found'. */
async function firstAnswer(context: Context, answer: unknown): Promise<ReservationView> {
  const id = idIn(answer, 'reservation')
  const record = await context.store.read('reservation', id)
  if (record) return viewOf(context, record)
  throw noReservation(id)
}

/** Faults: 'invalid' naming those that there are. */
function typeOf({ mirror }: Context, name: string): TypeRecord {
  const type = mirror.named(`type:${name}`)
  if (type?.kind === 'type') return type
  throw fault('invalid', `there is no instance type ${name.slice(0, 64)}`, {
    field: 'type',
    allowed: mirror.all('type').map(({ wish }) => wish.name),
  })
}

function checkZone({ mirror }: Context, zone: string): void {
  const hosts = mirror.all('host').filter(({ wish }) => !wish.removing)
  const zones = [...new Set(hosts.map(({ wish }) => wish.zone))].sort()
  if (!zones.includes(zone))
    throw fault('invalid', `there is no availability zone ${zone.slice(0, 64)}`, { field: 'zone', allowed: zones })
}

async function checkIdIsFree({ store }: Context, caller: Caller, id: ReservationId): Promise<void> {
  const there = await store.read('reservation', id)
  if (!there) return
  if (there.project !== caller.project) throw unusableReservationId(id)
  throw fault('exists', 'this reservation is there already', {
    subject: { kind: 'capacityreservation', id },
    field: 'id',
  })
}

const newWish = (caller: Caller, order: ReserveOrder, type: TypeRecord, now: number): ReservationWish => ({
  name: drawName('capacityreservation'),
  size: { ...type.wish.size, type: type.wish.name },
  count: order.count,
  zone: order.zone,
  startsAt: Math.max(order.startsAt ?? now, now),
  endsAt: order.endsAt ?? null,
  match: order.match ?? 'open',
  ...(order.timeZone === undefined ? {} : { timeZone: order.timeZone }),
  title: order.title ?? null,
  tags: order.tags ?? {},
  cancelledAt: null,
  createdAt: now,
  createdBy: caller.userName,
})

/** In EC2's words InsufficientInstanceCapacity: refused, with what would make it fit. */
export const noRoom = (
  { count, size, zone }: Pick<ReservationWish, 'count' | 'size' | 'zone'>,
  { wouldFit }: Extract<Reserved, { state: 'refused' }>,
) => fault('no-capacity', `${zone} has no room for ${count} of ${size.type} then: ${wouldFit}`, { field: 'count' })
