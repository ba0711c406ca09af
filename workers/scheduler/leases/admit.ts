/**
 * Reservations, deadlines and immediate leases get their room when they are asked for, or never: without suspending anybody; else by
 * suspending best-effort leases, the youngest first and one more at a time; else by moving leases with a deadline that did not begin
 * yet to other times before it. What was promised before is never broken.
 */
import { type Booking, orForEver } from './calendar'
import { chain } from './chain'
import { chooseNodes } from './choose'
import { type Desk, givesWay, isSuspendable, secondsOf, workOf } from './desk'
import { type Holder, hold, isYounger } from './holders'
import type { Lease, Segment } from './lease'
import { hostsOf, stretchAt } from './stretch'

/** Everything that is promised and has not begun: lease and bookings. */
export interface Promised {
  readonly lease: Lease
  readonly bookings: readonly Booking[]
}

export interface Admitted {
  readonly segments: readonly Segment[]
  /** Deadlines that were given other times for it. */
  readonly moved: readonly Promised[]
}

export class Admission {
  constructor(
    private readonly desk: Desk,
    /** Kept up to date as leases get another end. */
    readonly holders: Holder[],
    readonly promised: Map<string, Promised>,
  ) {}

  /** Room for it, booked; null: there is none. */
  admit(lease: Lease): Admitted | null {
    const plain = this.withVictims(lease)
    if (plain) return { segments: plain, moved: [] }
    return lease.terms.kind === 'immediate' ? null : this.withDeadlinesMoved(lease)
  }

  private withVictims(lease: Lease): readonly Segment[] | null {
    const segments = this.find(lease, [])
    if (segments) return this.book(lease, segments)
    if (lease.terms.kind === 'immediate' || this.desk.rules.preemption === 'none') return null
    const released: Holder[] = []
    let found: readonly Segment[] | null = null
    const isAwayInTime = this.savers(lease)
    for (const victim of this.victims(lease)) {
      if (!isAwayInTime(victim)) continue
      this.desk.calendar.release(victim.booking)
      released.push(victim)
      found = this.find(lease, released)
      if (found) break
    }
    if (found) this.book(lease, found)
    for (const victim of released.toSorted((a, b) => isYounger(b.lease, a.lease))) this.holdAgain(victim)
    return found
  }

  private withDeadlinesMoved(lease: Lease): Admitted | null {
    const { calendar } = this.desk
    const movable = [...this.promised.values()].filter(
      ({ lease: other }) => other.terms.kind === 'deadline' && other.state.kind === 'waiting',
    )
    if (movable.length === 0) return null
    for (const { bookings } of movable) for (const booking of bookings) calendar.release(booking)
    const segments = this.withVictims(lease)
    const moved = segments ? this.bookAnew(movable) : null
    if (segments && moved) return { segments, moved }
    // Room was found only at somebody's cost: all as it was.
    for (const { bookings } of movable) for (const booking of bookings) calendar.book(booking)
    if (segments) this.unbook(lease)
    this.holdAllAgain()
    return null
  }

  /** Everybody who may have to give way, against what is on the calendar now. */
  holdAllAgain(): void {
    const { calendar, rules } = this.desk
    const open = this.holders.filter(({ lease }) => givesWay(lease, rules))
    for (const { booking } of open) calendar.release(booking)
    for (const holder of open.toSorted((a, b) => isYounger(b.lease, a.lease))) this.holdAgain(holder)
  }

  private bookAnew(movable: readonly Promised[]): Promised[] | null {
    const byDeadline = movable.toSorted((a, b) => deadlineOf(a.lease) - deadlineOf(b.lease))
    const done: Promised[] = []
    for (const { lease } of byDeadline) {
      const segments = this.find(lease, [])
      if (!segments) {
        for (const { bookings } of done) for (const booking of bookings) this.desk.calendar.release(booking)
        return null
      }
      done.push({ lease: { ...lease, booked: segments }, bookings: bookAll(this.desk, lease, segments) })
    }
    for (const promise of done) this.promised.set(promise.lease.id, promise)
    return done
  }

  /** Takes those to be suspended one by one, and says of each whether its disk, which saves them in turn, is done with it in time. */
  private savers({ terms }: Lease): (victim: Holder) => boolean {
    const { now, overheads } = this.desk
    const notice = terms.kind === 'reservation' ? terms.start - overheads.bootSeconds - now : Number.POSITIVE_INFINITY
    const busy = new Map<number, number>()
    return ({ places, saving }) => {
      const disks = overheads.checkpoints === 'shared' ? [0] : places
      const done = disks.reduce((latest, disk) => Math.max(latest, busy.get(disk) ?? 0), 0) + saving
      if (done > notice) return false
      for (const disk of disks) busy.set(disk, done)
      return true
    }
  }

  /** Youngest first; those that are too old, or leave before, are none. */
  private victims({ terms, seconds }: Lease): Holder[] {
    const { now, rules, overheads } = this.desk
    const begin = terms.kind === 'reservation' ? Math.max(now, terms.start - overheads.bootSeconds) : now
    const end = terms.kind === 'reservation' ? terms.start + orForEver(seconds) : deadlineOf({ terms })
    return this.holders
      .filter(({ lease, booking }) => {
        const { from, to } = booking.segment
        return (
          givesWay(lease, rules) && now - lease.submitted <= rules.immuneSeconds && orForEver(to) > begin && from < end
        )
      })
      .toSorted((a, b) => isYounger(a.lease, b.lease))
  }

  private find(lease: Lease, victims: readonly Holder[]): readonly Segment[] | null {
    const { now, rules } = this.desk
    const { terms } = lease
    const work = workOf(lease, now) ?? { lease, remaining: secondsOf(lease), suspendedOn: null, from: now }
    switch (terms.kind) {
      case 'reservation':
        return this.exactly(lease, terms.start)
      case 'deadline': {
        const from = victims.reduce((latest, { saving }) => Math.max(latest, now + saving), now)
        return chain(this.desk, { ...work, from: Math.max(from, work.from) }, terms.by)
      }
      case 'immediate': {
        const segment = stretchAt(this.desk, work, now, isSuspendable(lease, rules) ? 'may-be-cut' : 'whole')
        return segment?.from === now ? [segment] : null
      }
      case 'best-effort':
        return null
    }
  }

  /** Booted before its start, where there is time for that; its image there by then. */
  private exactly(lease: Lease, start: number): readonly Segment[] | null {
    const { now, calendar, overheads, images } = this.desk
    const { machines } = lease
    const from = Math.max(now, start - overheads.bootSeconds)
    const stop = start + secondsOf(lease)
    if (stop <= now) return null
    const to = stop + overheads.shutdownSeconds
    const allowed = images.allowedFor(lease)
    const nodes = chooseNodes(calendar, { machines, from, length: to - from, ...(allowed ? { allowed } : {}) })
    if (!nodes) return null
    const hosts = hostsOf(calendar, nodes)
    const others = [...this.promised.values()].map((promise) => promise.lease)
    if (images.copySeconds(lease) > 0 && !images.isInTime(others, lease, { nodes: hosts, by: from })) return null
    const run = Math.max(start, from + overheads.bootSeconds)
    const isEndless = stop === Number.POSITIVE_INFINITY
    return [
      { nodes: hosts, lead: 'boot', from, run, stop: isEndless ? null : stop, to: isEndless ? null : to, ends: 'done' },
    ]
  }

  private book(lease: Lease, segments: readonly Segment[]): readonly Segment[] {
    const bookings = bookAll(this.desk, lease, segments)
    this.promised.set(lease.id, { lease: { ...lease, booked: segments }, bookings })
    return segments
  }

  private unbook({ id }: Lease): void {
    for (const booking of this.promised.get(id)?.bookings ?? []) this.desk.calendar.release(booking)
    this.promised.delete(id)
  }

  private holdAgain({ lease, state }: Holder): void {
    const at = this.holders.findIndex((holder) => holder.lease.id === lease.id)
    this.holders[at] = hold(this.desk, lease, state, orForEver(state.until ?? null))
  }
}

export function bookAll({ calendar }: Desk, { id, machines }: Lease, segments: readonly Segment[]): Booking[] {
  return segments.map((segment) => {
    const booking = { lease: id, segment, machines }
    calendar.book(booking)
    return booking
  })
}

const deadlineOf = ({ terms }: Pick<Lease, 'terms'>): number =>
  terms.kind === 'deadline' ? terms.by : Number.POSITIVE_INFINITY
