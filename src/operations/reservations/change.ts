/**
 * Other places, another end, or another match for a reservation (EC2 ModifyCapacityReservation). Decided and written as one that is made: on
 * hosts' claims as they are, in one script against their revisions.
 */
import { fault } from '../../faults'
import { refuseToPartner } from '../../model/federation'
import {
  type ClaimedHost,
  claimFor,
  differing,
  holdingsOf,
  hostViews,
  isOverbooked,
  reserve,
  withClaim,
} from '../../model/placement'
import type { ReservationRecord, ReservationWish } from '../../model/records'
import { isLiving } from '../../model/reservations'
import { attempt, type Proposal } from '../attempt'
import type { Caller, Context } from '../context'
import { openProject } from '../open-project'
import { isOver, updateOf } from './cancel'
import { noRoom } from './create'
import { claimedHosts } from './hosts'
import type { ReservationChange, ReservationView } from './operations'
import { checkChange, checkEnd } from './order'
import { overQuota, reservedCounters } from './quota'
import { ownReservation, viewOf } from './read'

/** Faults: 'not-found', 'state', 'forbidden', 'invalid', 'no-capacity', 'quota', 'conflict', 'unavailable'. */
export async function changeReservation(
  context: Context,
  caller: Caller,
  change: ReservationChange,
): Promise<ReservationView> {
  checkChange(change)
  return attempt(context, caller.actor, 'change-reservation', async (refusal): Promise<Proposal<ReservationView>> => {
    if (refusal?.state === 'quota') throw overQuota(refusal, caller.project)
    await context.mirror.fresh(caller.project)
    const project = openProject(context, caller.project)
    refuseToPartner(project.wish.partner, 'it can have no other reservation, and cancel those that it has')
    const record = ownReservation(context, caller, change.reservation)
    const now = context.clock.now()
    if (!isLiving(record, now)) throw isOver(record)
    const wish = changed(record.wish, change)
    if (change.endsAt !== undefined && change.endsAt !== null) checkEnd(change.endsAt, Math.max(wish.startsAt, now))
    const after = { ...record, wish, rev: record.rev + 1, generation: record.generation + 1 }
    const before = await claimedHosts(context)
    const kept = shrunk(after, renewed(after, record.wish, before, now))
    // Places that it lost are its job's to find again: only who asks for more is refused for want of room.
    const hosts = wish.count > record.wish.count ? grown(after, kept, now) : kept
    const held = holdingsOf(record.id, hosts).reduce((sum, { claim }) => sum + claim.held.slots, 0)
    const value = viewOf(context, { ...after, seen: { ...after.seen, held } })
    if (change.dryRun) return { change: undefined, value }
    return {
      value,
      change: {
        updates: [updateOf(record, wish)],
        reclaims: differing(record.id, before, hosts),
        counters: reservedCounters(project, wish, wish.count - record.wish.count),
        wakes: [{ kind: 'placement', id: 'site' }],
      },
    }
  })
}

const changed = (wish: ReservationWish, { count, endsAt, match, title }: ReservationChange): ReservationWish => ({
  ...wish,
  ...(count === undefined ? {} : { count }),
  ...(endsAt === undefined ? {} : { endsAt }),
  ...(match === undefined ? {} : { match }),
  ...(title === undefined ? {} : { title }),
})

const endsLater = ({ endsAt }: ReservationWish, former: ReservationWish): boolean =>
  former.endsAt !== null && (endsAt === null || endsAt > former.endsAt)

/** Its claims with the new end and match. Faults: 'no-capacity' where a host has promised the longer time to somebody else. */
function renewed(
  record: ReservationRecord,
  former: ReservationWish,
  hosts: readonly ClaimedHost[],
  now: number,
): readonly ClaimedHost[] {
  const shares = holdingsOf(record.id, hosts)
  const after = shares.reduce(
    (all, { host, claim }) => withClaim(all, host.record.id, record.id, claimFor(record, claim.held.slots)),
    hosts,
  )
  if (!endsLater(record.wish, former)) return after
  const views = new Map(hostViews(after, now).map((view) => [view.id, view]))
  for (const { host } of holdingsOf(record.id, after)) {
    const usable = views.get(host.record.id)?.usable
    if (usable && isOverbooked(usable, host.claims, now))
      throw fault('no-capacity', 'its places are promised to others after its present end', { field: 'endsAt' })
  }
  return after
}

/** Free places are given back, first where there are most of them. Faults: 'invalid' where machines are in them. */
function shrunk(record: ReservationRecord, hosts: readonly ClaimedHost[]): readonly ClaimedHost[] {
  const shares = holdingsOf(record.id, hosts)
  let less = shares.reduce((sum, { claim }) => sum + claim.held.slots, 0) - record.wish.count
  let after = hosts
  const free = ({ claim, used }: (typeof shares)[number]): number => claim.held.slots - used
  for (const share of shares.toSorted((a, b) => free(b) - free(a))) {
    const back = Math.min(Math.max(0, less), Math.max(0, free(share)))
    if (back === 0) continue
    const slots = share.claim.held.slots - back
    after = withClaim(after, share.host.record.id, record.id, slots === 0 ? null : claimFor(record, slots))
    less -= back
  }
  if (less > 0) throw fault('invalid', 'more machines are in its places than it would have', { field: 'count' })
  return after
}

/** More places, on whatever hosts have room. Faults: 'no-capacity'. */
function grown(record: ReservationRecord, hosts: readonly ClaimedHost[], now: number): readonly ClaimedHost[] {
  const shares = holdingsOf(record.id, hosts)
  const more = record.wish.count - shares.reduce((sum, { claim }) => sum + claim.held.slots, 0)
  if (more <= 0) return hosts
  const { size, zone, startsAt, endsAt: until } = record.wish
  const decided = reserve(
    { size, count: more, zone, project: record.project, from: Math.max(startsAt, now), until },
    hosts,
    now,
  )
  if (decided.state === 'refused') throw noRoom({ size, zone, count: more }, decided)
  return decided.hosts.reduce((all, { host, slots }) => {
    const former = shares.find((share) => share.host.record.id === host)?.claim.held.slots ?? 0
    return withClaim(all, host, record.id, claimFor(record, former + slots))
  }, hosts)
}
