/**
 * Giving a reservation back (EC2 CancelCapacityReservation; OCCI DELETE). Machines in its places stay where they are. Its job takes it off
 * its project's limits.
 */
import { fault } from '../../faults'
import { differing, holdingsOf, withClaim } from '../../model/placement'
import type { ReservationRecord, ReservationWish } from '../../model/records'
import { isLiving } from '../../model/reservations'
import { attemptOne, type Propose } from '../attempt'
import type { Caller, Context } from '../context'
import { claimedHosts } from './hosts'
import type { ReservationOperations, ReservationView } from './operations'
import { ownReservation, viewOf } from './read'

/** Faults: 'not-found', 'state' for one that has expired, 'conflict', 'unavailable'. */
export const cancelReservation = (context: Context, caller: Caller, order: Cancellation): Promise<ReservationView> =>
  attemptOne(context, caller.actor, 'cancel-reservation', cancellingReservation(caller, order))

type Cancellation = Parameters<ReservationOperations['cancelReservation']>[1]

/** The decision by itself. */
export const cancellingReservation =
  (caller: Caller, { reservation: id, dryRun }: Cancellation): Propose<ReservationView> =>
  async (context) => {
    await context.mirror.fresh(caller.project)
    const record = ownReservation(context, caller, id)
    const now = context.clock.now()
    if (record.wish.cancelledAt !== null || dryRun) return { change: undefined, value: viewOf(context, record) }
    if (!isLiving(record, now)) throw isOver(record)
    const wish = { ...record.wish, cancelledAt: now }
    const hosts = await claimedHosts(context)
    const without = holdingsOf(id, hosts).reduce((all, { host }) => withClaim(all, host.record.id, id, null), hosts)
    return {
      value: viewOf(context, { ...record, wish, rev: record.rev + 1, generation: record.generation + 1 }),
      change: {
        updates: [updateOf(record, wish)],
        reclaims: differing(id, hosts, without),
        wakes: [{ kind: 'placement', id: 'site' }],
      },
    }
  }

/** 'state'. */
export const isOver = ({ id, wish }: ReservationRecord) =>
  fault('state', `the reservation ${wish.name} is over: nothing of it can be changed`, {
    subject: { kind: 'capacityreservation', id },
  })

export const updateOf = ({ kind, id, project, generation }: ReservationRecord, wish: ReservationWish) => ({
  ref: { kind, id },
  project,
  generation,
  wish,
  raisePhase: true,
  wake: true,
})

/** What removes one that is over, with its name, together with its project. */
export const reservationRemoval = ({ id, project, generation, wish }: ReservationRecord) => ({
  removals: [{ ref: { kind: 'reservation', id } as const, project, generation }],
  releases: [{ hash: 'names', field: wish.name }],
})
