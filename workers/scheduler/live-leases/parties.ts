/** Waiting machines with terms as leases: those of one group are one lease, once all of them are there. */

import type { HostId } from '../../../src/model/ids'
import { hasTerms, ranOf } from '../../../src/model/lease'
import { type HostView, WHERE_FILTERS } from '../../../src/model/placement'
import type { Booked, LeaseWish } from '../../../src/model/records'
import type { Lease, LeaseState, Segment, Terms } from '../leases'
import { inSeconds, type Party, type Waiter } from './ground'

export interface Parties {
  readonly whole: readonly Party[]
  /** Groups of which some machines are missing. */
  readonly partial: readonly { readonly party: Party; readonly of: number }[]
}

/** One that ran before, or was refused by a host, is planned by itself: the others of its group have begun. */
const wasSeated = ({ record: { seen, journal } }: Waiter): boolean =>
  seen.startedAt !== null || journal.avoid.length > 0

export function partiesOf(waiters: readonly Waiter[]): Parties {
  const byId = new Map<string, Waiter[]>()
  for (const waiter of waiters) {
    const { id, project, wish } = waiter.record
    const group = wish.lease?.group
    const key = group === undefined || wasSeated(waiter) ? id : `${project} ${group.name}`
    const known = byId.get(key)
    if (known) known.push(waiter)
    else byId.set(key, [waiter])
  }
  const whole: Party[] = []
  const partial: Parties['partial'][number][] = []
  for (const [id, found] of byId) {
    const members = found.toSorted(
      (a, b) => a.record.wish.launchIndex - b.record.wish.launchIndex || (a.record.id < b.record.id ? -1 : 1),
    )
    const of = id === members[0]?.record.id ? 1 : (members[0]?.record.wish.lease?.group?.members ?? 1)
    const isBooked = members.every(({ record }) => record.place.lease?.booked !== undefined)
    // What was promised to a group holds for those that are left of it.
    if (members.length < of && !isBooked) partial.push({ party: { id, members }, of })
    else whole.push({ id, members })
  }
  return { whole, partial }
}

/** Which hosts take a machine at all; machines that ask for the same have one answer. */
export class Where {
  private readonly known = new Map<string, readonly HostView[]>()

  /** `views`: hosts that leases may use. */
  constructor(readonly views: readonly HostView[]) {}

  of({ demand }: Waiter): readonly HostView[] {
    const { id: _id, name: _name, ends: _ends, ...asks } = demand
    const key = JSON.stringify(asks)
    const known = this.known.get(key)
    if (known) return known
    const found = this.views.filter((view) => WHERE_FILTERS.every((filter) => filter.admits(demand, view) === true))
    this.known.set(key, found)
    return found
  }

  ofAll(members: readonly Waiter[]): readonly HostView[] {
    const each = [...new Set(members.map((member) => this.of(member)))]
    const [first = [], ...others] = each
    return others.length === 0 ? first : first.filter((view) => others.every((found) => found.includes(view)))
  }
}

export function leaseOf({ id, members }: Party, where: Where, now: number): Lease {
  const records = members.map(({ record }) => record)
  const wish = records[0]?.wish.lease ?? {}
  const allowed = where.ofAll(members)
  const priority = Math.max(...members.map(({ demand }) => demand.preference?.priority ?? 0))
  const booked = bookedOf(members)
  return {
    id,
    machines: members.map(({ demand }) => demand.size),
    seconds: wish.seconds ?? null,
    terms: termsOf(wish),
    submitted: inSeconds(Math.min(...records.map(({ wish: { createdAt } }) => createdAt))),
    ...(priority === 0 ? {} : { priority }),
    preemptible: wish.preemptible === true,
    ...(allowed.length === where.views.length ? {} : { nodes: allowed.map((view) => view.id) }),
    ...(booked ? { booked } : {}),
    state: stateOf(members, now),
  }
}

export function termsOf(lease: LeaseWish | undefined): Terms {
  if (!hasTerms(lease)) return { kind: 'best-effort' }
  const { start, deadline } = lease
  if (start === 'now') return { kind: 'immediate' }
  if (start !== undefined) return { kind: 'reservation', start: inSeconds(start) }
  return deadline === undefined ? { kind: 'best-effort' } : { kind: 'deadline', by: inSeconds(deadline) }
}

function stateOf(members: readonly Waiter[], now: number): LeaseState {
  const nodes = members.flatMap(({ record: { place } }) => (place.parked && place.host !== null ? [place.host] : []))
  const [first] = members
  if (nodes.length < members.length || first === undefined) return { kind: 'waiting' }
  // One that was saved in its last moment still has to be brought back to end.
  const most = (first.record.wish.lease?.seconds ?? Number.POSITIVE_INFINITY) - 1
  return { kind: 'suspended', nodes: nodes as readonly HostId[], ran: Math.min(most, ranOf(first.record.place, now)) }
}

/** Promised to all of them; undefined: to none, or not alike. */
function bookedOf(members: readonly Waiter[]): readonly Segment[] | undefined {
  const all = members.map(({ record }) => record.place.lease?.booked ?? [])
  const [first = []] = all
  if (first.length === 0 || all.some((booked) => booked.length !== first.length)) return undefined
  return first.map((one, at) =>
    segmentOf(
      one,
      all.map((booked) => booked[at]?.host ?? one.host),
    ),
  )
}

const segmentOf = ({ lead, from, run, stop, to, ends }: Booked, nodes: readonly HostId[]): Segment => ({
  nodes,
  lead,
  from: inSeconds(from),
  run: inSeconds(run),
  stop: stop === null ? null : inSeconds(stop),
  to: to === null ? null : inSeconds(to),
  ends,
})
