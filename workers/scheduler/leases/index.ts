/**
 * Leases, after Haizea: a snapshot in, a plan out. It knows nothing of earlier plans but what the snapshot
 * says, and is asked again whenever something changed and at `next`.
 *
 * In this order: what was promised goes on the calendar; then what holds room now, the oldest first, so that the youngest give way;
 * what lost its hosts is planned anew; new reservations, deadlines and immediate leases are admitted or rejected; the queue is
 * served with what is left. So nobody's promise depends on what comes behind it.
 */
import { Admission } from './admit'
import { Calendar, orForEver } from './calendar'
import type { Desk } from './desk'
import { type Holder, holdAll, holdLeaving, isYounger, RoomNow } from './holders'
import { Images } from './images'
import type { Lease, LeasePlan, LeaseSnapshot, Segment } from './lease'
import { isTooLarge, refusal } from './may-ask'
import { bookPromised, movedOf, planAnew } from './promises'
import { type Queued, serve } from './queue'

export * from './lease'

/** Same snapshot, same plan. Throws nothing. */
export function planLeases(snapshot: LeaseSnapshot): LeasePlan {
  const { now, overheads, rules } = snapshot
  const calendar = new Calendar(snapshot.nodes, overheads.checkpoints)
  const desk: Desk = { now, calendar, overheads, rules, images: new Images(calendar, snapshot) }
  const leases = snapshot.leases.toSorted((a, b) => isYounger(b, a))
  const room = new RoomNow(calendar, now)
  for (const { machines, state } of leases)
    if (state.kind === 'running' || state.kind === 'suspending' || state.kind === 'ending')
      room.use(machines, state.nodes)

  const kept = bookPromised(desk, leases)
  holdLeaving(desk, leases)
  const admission = new Admission(desk, holdAll(desk, leases), kept.promised)
  const anew = planAnew(desk, admission, kept.lost)
  const asked = admitAll(desk, admission, leases)
  desk.images.plan(
    [...admission.promised.values()].flatMap(({ lease }) => (lease.state.kind === 'waiting' ? [lease] : [])),
  )
  const queued = serve(desk, leases, admission.holders)

  const actions = actionsOf({ desk, admission, queued, room })
  const copies = desk.images.due()
  return {
    ...actions,
    kept: keptOf(admission.holders),
    transfer: copies.now.length > 0 ? copies.now : queued.transfer,
    accepted: [...anew.accepted, ...asked.accepted],
    rejected: asked.rejected,
    broken: anew.broken,
    waiting: queued.waiting,
    calendar: [...calendar.bookings]
      .map(({ lease, segment }) => ({ lease, segment }))
      .toSorted((a, b) => a.segment.from - b.segment.from || (a.lease < b.lease ? -1 : 1)),
    next: nextOf(desk, copies.next),
  }
}

function admitAll(
  desk: Desk,
  admission: Admission,
  leases: readonly Lease[],
): Pick<LeasePlan, 'accepted' | 'rejected'> {
  const accepted = new Map<string, readonly Segment[]>()
  const rejected: LeasePlan['rejected'][number][] = []
  for (const lease of leases) {
    const { id, terms, state, booked } = lease
    if (terms.kind === 'best-effort' || state.kind !== 'waiting' || booked) continue
    const because = refusal(desk, lease)
    if (because !== null) {
      rejected.push({ lease: id, stage: 'admission', reason: because })
      continue
    }
    const admitted = admission.admit(lease)
    if (!admitted) rejected.push({ lease: id, stage: 'room', reason: whyNoRoom(desk, lease) })
    else if (terms.kind !== 'immediate') {
      accepted.set(id, admitted.segments)
      for (const moved of movedOf(admitted.moved)) accepted.set(moved.lease, moved.booked)
    }
  }
  return { accepted: [...accepted].map(([lease, booked]) => ({ lease, booked })), rejected }
}

function whyNoRoom({ calendar, images }: Desk, lease: Lease): string {
  if (isTooLarge(calendar, lease, images.allowedFor(lease)))
    return 'a machine of it is larger than what any host here has'
  switch (lease.terms.kind) {
    case 'immediate':
      return 'there is no room for all of it now'
    case 'reservation':
      return 'there is no room for all of it over that time that is not promised to others'
    case 'deadline':
      return 'no times before its deadline are long enough and not promised to others'
    case 'best-effort':
      return ''
  }
}

function actionsOf({
  desk,
  admission,
  queued,
  room,
}: {
  readonly desk: Desk
  readonly admission: Admission
  readonly queued: Queued
  readonly room: RoomNow
}): Pick<LeasePlan, 'start' | 'resume' | 'suspend'> {
  const promised = [...admission.promised.values()].flatMap(({ lease, bookings }) => {
    const segment = bookings[0]?.segment
    const isDue =
      segment && segment.from <= desk.now && (lease.state.kind === 'waiting' || lease.state.kind === 'suspended')
    return isDue ? [{ lease, segment: notBefore(segment, desk.now) }] : []
  })
  const begun = queued.begun.map(({ work, segment }) => ({ lease: work.lease, segment }))
  const free = [...promised, ...begun].filter(({ lease, segment }) => room.begin(lease.machines, segment.nodes))
  const entry = ({ lease, segment }: (typeof free)[number]): LeasePlan['start'][number] => ({
    lease: lease.id,
    segment,
  })
  return {
    start: free.filter(({ segment }) => segment.lead === 'boot').map(entry),
    resume: free.filter(({ segment }) => segment.lead !== 'boot').map(entry),
    suspend: suspendsOf(desk, admission.holders),
  }
}

/** What begins late is held from now on, and boots or resumes as long as it was to. */
function notBefore(segment: Segment, now: number): Segment {
  if (segment.from >= now) return segment
  return { ...segment, from: now, run: Math.max(segment.run, now + (segment.run - segment.from)) }
}

function suspendsOf({ calendar, now }: Desk, holders: readonly Holder[]): LeasePlan['suspend'] {
  return holders
    .filter(({ booking: { segment } }) => segment.ends === 'suspended' && orForEver(segment.stop) <= now)
    .map(({ lease, booking: { segment } }) => {
      const by = orForEver(segment.to)
      const next = [...calendar.bookings]
        .filter((other) => other.lease !== lease.id && other.segment.from >= by && sharesHosts(other.segment, segment))
        .toSorted((a, b) => a.segment.from - b.segment.from || (a.lease < b.lease ? -1 : 1))[0]
      return { lease: lease.id, by, because: next?.lease ?? '' }
    })
}

const sharesHosts = (a: Segment, b: Segment): boolean => a.nodes.some((host) => b.nodes.includes(host))

const keptOf = (holders: readonly Holder[]): LeasePlan['kept'] =>
  holders.flatMap(({ lease, state, booking: { segment } }) => {
    const until = segment.ends === 'suspended' ? segment.to : null
    return until === (state.until ?? null) ? [] : [{ lease: lease.id, until }]
  })

function nextOf({ calendar, now }: Desk, copies: number): number | null {
  let next = copies
  const consider = (time: number | null): void => {
    if (time !== null && time > now && time < next) next = time
  }
  for (const { segment } of calendar.bookings) {
    if (segment.from > now) consider(segment.from)
    else {
      consider(segment.to)
      if (segment.ends === 'suspended') consider(segment.stop)
    }
  }
  return next === Number.POSITIVE_INFINITY ? null : next
}
