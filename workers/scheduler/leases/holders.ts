/**
 * Leases that hold room now. Those that may be suspended stay until others were promised their room: an earlier plan's promise
 * (`until`), or a reservation that is on the calendar already. The oldest are put on it first, so that the youngest give way.
 */
import { minus } from '../fill-slot'
import { type Booking, orForEver } from './calendar'
import { suspendSeconds } from './costs'
import { type Desk, givesWay, secondsOf } from './desk'
import type { Lease, LeaseState, Segment } from './lease'
import { horizonOf } from './stretch'

export interface Holder {
  readonly lease: Lease
  readonly state: Extract<LeaseState, { kind: 'running' }>
  /** Its hosts that are here. */
  readonly places: readonly number[]
  /** To suspend it takes so many seconds. */
  readonly saving: number
  readonly booking: Booking
}

export const isYounger = (a: Lease, b: Lease): number => b.submitted - a.submitted || (a.id < b.id ? 1 : -1)

/** Books a running lease; `until`: not beyond. */
export function hold(desk: Desk, lease: Lease, state: Holder['state'], until = Number.POSITIVE_INFINITY): Holder {
  const { calendar, overheads, rules } = desk
  const places = calendar.presentOf(state.nodes)
  const saving = suspendSeconds(overheads, lease.machines, places)
  const whole = wholeStay(desk, lease, state)
  const isHere = places.length === lease.machines.length
  const free = givesWay(lease, rules) && isHere ? horizonOf(calendar, lease.machines, places, desk.now) : until
  const end = Math.min(until, free)
  const segment = end >= orForEver(whole.to) ? whole : cutStay(desk, whole, { places, saving, until: end })
  const booking = { lease: lease.id, segment, machines: lease.machines }
  calendar.book(booking)
  return { lease, state, places, saving, booking }
}

/** All of them, in the order in which they may keep their room. */
export function holdAll(desk: Desk, leases: readonly Lease[]): Holder[] {
  const running = leases.flatMap((lease) => (lease.state.kind === 'running' ? [{ lease, state: lease.state }] : []))
  const isFirm = ({ lease }: { lease: Lease }): number => (givesWay(lease, desk.rules) ? 1 : 0)
  return running
    .toSorted((a, b) => isFirm(a) - isFirm(b) || isYounger(b.lease, a.lease))
    .map(({ lease, state }) =>
      hold(desk, lease, state, isFirm({ lease }) === 1 ? orForEver(state.until ?? null) : undefined),
    )
}

/** Those that are being suspended or shut down hold their room until that is done. */
export function holdLeaving({ calendar, now }: Desk, leases: readonly Lease[]): void {
  for (const { id, machines, state } of leases) {
    if (state.kind !== 'suspending' && state.kind !== 'ending') continue
    const to = Math.max(now, state.to)
    const ends = state.kind === 'suspending' ? 'suspended' : 'done'
    const segment: Segment = { nodes: state.nodes, lead: 'stay', from: now, run: now, stop: now, to, ends }
    calendar.book({ lease: id, segment, machines })
  }
}

/** To the end of what it asked for; a reservation or a deadline's stretch to the end of what was booked. */
function wholeStay({ now, overheads }: Desk, lease: Lease, { nodes, ran, lead = 0 }: Holder['state']): Segment {
  const run = now + lead
  const remaining = Math.max(0, secondsOf(lease) - ran)
  const stop = lease.terms.kind === 'reservation' ? lease.terms.start + secondsOf(lease) : run + remaining
  const end = Math.max(now, stop)
  const current = lease.booked?.find(({ to }) => orForEver(to) > now)
  if (lease.terms.kind === 'deadline' && current?.ends === 'suspended')
    return { ...current, nodes, lead: 'stay', from: now, run }
  const isEndless = end === Number.POSITIVE_INFINITY
  return {
    nodes,
    lead: 'stay',
    from: now,
    run,
    stop: isEndless ? null : end,
    to: isEndless ? null : end + overheads.shutdownSeconds,
    ends: 'done',
  }
}

function cutStay(
  { calendar, now }: Desk,
  whole: Segment,
  { places, saving, until }: { readonly places: readonly number[]; readonly saving: number; readonly until: number },
): Segment {
  // Too late to be done in time: as soon as can be.
  const stop = Math.max(now, calendar.disks.gapBefore(places, until, saving))
  return { ...whole, run: Math.min(whole.run, stop), stop, to: stop + saving, ends: 'suspended' }
}

/** What is free on each node in fact: it may be less than the calendar says, where somebody leaves late. */
export class RoomNow {
  private readonly left: { cpuHundredths: number; memoryMiB: number; diskGiB: number }[]

  constructor(
    private readonly calendar: Desk['calendar'],
    now: number,
  ) {
    this.left = calendar.profiles.map((profile) => profile.freeAt(now))
  }

  use(machines: Lease['machines'], hosts: Segment['nodes']): void {
    hosts.forEach((host, index) => {
      const left = this.left[this.calendar.placeOf(host) ?? -1]
      const machine = machines[index]
      if (!left || !machine) return
      left.cpuHundredths -= machine.cpuHundredths
      left.memoryMiB -= machine.memoryMiB
      left.diskGiB -= machine.diskGiB
    })
  }

  /** They begin there now, if there is room. */
  begin(machines: Lease['machines'], hosts: Segment['nodes']): boolean {
    this.use(machines, hosts)
    const places = this.calendar.presentOf(hosts)
    if (places.every((place) => isNotOverdrawn(this.left[place]))) return true
    this.use(machines.map(minus), hosts)
    return false
  }
}

const isNotOverdrawn = (left: { cpuHundredths: number; memoryMiB: number; diskGiB: number } | undefined): boolean =>
  left !== undefined && left.cpuHundredths >= 0 && left.memoryMiB >= 0 && left.diskGiB >= 0
