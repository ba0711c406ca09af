/**
 * Places of an accepted reservation on hosts that cannot take machines any more, and places whose host is gone altogether, move to
 * other hosts, as far as there is room. Machines that are in their places stay where they are. Pure.
 */
import type { ReservationRecord } from '../reservation-records'
import { type ClaimedHost, claimFor, type Holding, holdingsOf, withClaim } from './holdings'
import { reserve } from './reserve'

export interface Replanned {
  /** The same hosts with the reservation's claims as they are to be. */
  readonly hosts: readonly ClaimedHost[]
  /** Places on hosts that serve. */
  readonly sound: number
}

/** `isLost`: whether a host is given up as a place for reservations. */
export function replan(
  record: ReservationRecord,
  hosts: readonly ClaimedHost[],
  isLost: (host: ClaimedHost) => boolean,
  now: number,
): Replanned {
  const holdings = holdingsOf(record.id, hosts)
  const lost = holdings.filter(({ host }) => isLost(host))
  const sound = holdings
    .filter((holding) => !lost.includes(holding))
    .reduce((sum, { claim }) => sum + claim.held.slots, 0)
  const kept = lost.reduce((sum, { used }) => sum + used, 0)
  const missing = Math.max(0, record.wish.count - sound - kept)
  if (missing === 0) return { hosts, sound }
  const freed = lost.reduce((all, holding) => shrunk(record, all, holding), hosts)
  const found = most(record, freed, missing, now)
  if (found === undefined) return { hosts, sound }
  const after = found.reduce((all, { host, slots }) => {
    const former = holdings.find((holding) => holding.host.record.id === host)?.claim.held.slots ?? 0
    return withClaim(all, host, record.id, claimFor(record, former + slots))
  }, freed)
  return { hosts: after, sound: sound + found.reduce((sum, { slots }) => sum + slots, 0) }
}

/** Only what machines are in stays on a lost host. */
const shrunk = (record: ReservationRecord, all: readonly ClaimedHost[], { host, used }: Holding) =>
  withClaim(all, host.record.id, record.id, used === 0 ? null : claimFor(record, used))

/** All of the missing places, or as many as there is room for. */
function most(record: ReservationRecord, hosts: readonly ClaimedHost[], missing: number, now: number) {
  const { size, zone, startsAt, endsAt: until } = record.wish
  const ask = { size, count: missing, zone, project: record.project, from: Math.max(startsAt, now), until }
  const all = reserve(ask, hosts, now)
  if (all.state === 'held') return all.hosts
  if (all.room === 0) return undefined
  const some = reserve({ ...ask, count: all.room }, hosts, now)
  return some.state === 'held' ? some.hosts : undefined
}
