/** Reservations as they stand. Another project's reservation does not exist. */
import { fault } from '../../faults'
import { isUuid, type ReservationId } from '../../model/ids'
import { holdingsOf } from '../../model/placement'
import type { ReservationRecord } from '../../model/records'
import { reservationState, usedOf } from '../../model/reservations'
import type { Caller, Context } from '../context'
import { freshEverywhere } from '../watch-computes'
import { claimedHosts } from './hosts'
import type { PlacedReservation, ReservationView } from './operations'

type Reads = Pick<Context, 'mirror' | 'clock'>

export const viewOf = ({ mirror, clock }: Reads, record: ReservationRecord): ReservationView => ({
  record,
  state: reservationState(record, clock.now()),
  used: usedOf(record.id, mirror.list('compute', record.project)),
})

/** 'not-found' for what is not there. */
export const noReservation = (id: string) =>
  fault('not-found', `there is no reservation ${id.slice(0, 64)}`, {
    subject: { kind: 'capacityreservation', id: id.slice(0, 64) },
  })

/** From the mirror as it is. Faults: 'not-found'. */
export function ownReservation(
  { mirror }: Pick<Context, 'mirror'>,
  { project }: Pick<Caller, 'project'>,
  id: ReservationId,
): ReservationRecord {
  const record = mirror.get('reservation', id)
  if (record?.project !== project) throw noReservation(id)
  return record
}

/** In order of creation. */
export async function listReservations(context: Context, { project }: Caller): Promise<readonly ReservationView[]> {
  await context.mirror.fresh(project)
  return context.mirror.list('reservation', project).map((record) => viewOf(context, record))
}

/** Faults: 'not-found'. */
export async function getReservation(context: Context, caller: Caller, id: ReservationId): Promise<ReservationView> {
  await context.mirror.fresh(caller.project)
  return viewOf(context, ownReservation(context, caller, id))
}

/** All projects', with where their places are, in order of creation. */
export async function listAllReservations(context: Context): Promise<readonly PlacedReservation[]> {
  await freshEverywhere(context)
  const hosts = await claimedHosts(context)
  return context.mirror.all('reservation').map((record) => ({
    ...viewOf(context, record),
    hosts: holdingsOf(record.id, hosts).map(({ host, claim, used }) => ({
      host: host.record.wish.name,
      slots: claim.held.slots,
      used,
    })),
  }))
}

/** By UUID or `cr-…`, of any project. Faults: 'not-found'. */
export async function findReservation(context: Context, name: string): Promise<ReservationRecord> {
  await freshEverywhere(context)
  const record = isUuid(name) ? context.mirror.get('reservation', name) : context.mirror.named(name)
  if (record?.kind === 'reservation') return record
  throw noReservation(name)
}
