/**
 * Best-effort leases: by priority, then by when they were asked for. Each begins if it can, or gets a time of its own that nobody
 * behind it may take, as long as the way of backfilling gives such times; whoever is behind may begin in what is left, or, where it
 * can be suspended, until then. One whose machines fit nowhere does not hold up the others.
 */
import type { Booking } from './calendar'
import { type Desk, givesWay, type Work, workOf } from './desk'
import { earliest } from './earliest'
import { type Holder, hold } from './holders'
import type { Backfilling, Lease, LeasePlan, Segment } from './lease'
import { stretchAt } from './stretch'

export interface Queued {
  readonly begun: readonly { readonly work: Work; readonly segment: Segment }[]
  readonly transfer: LeasePlan['transfer']
  readonly waiting: LeasePlan['waiting']
}

interface Turn {
  readonly work: Work
  /** What it was given; null: nothing yet. */
  readonly segment: Segment | null
  readonly reason: string
}

const RESERVATIONS: Readonly<Record<Exclude<Backfilling['kind'], 'intermediate'>, number>> = {
  off: 1,
  aggressive: 1,
  conservative: Number.POSITIVE_INFINITY,
}

const reservationsOf = (backfilling: Backfilling): number =>
  backfilling.kind === 'intermediate' ? backfilling.reservations : RESERVATIONS[backfilling.kind]

export function isBefore(a: Lease, b: Lease): number {
  return (b.priority ?? 0) - (a.priority ?? 0) || a.submitted - b.submitted || (a.id < b.id ? -1 : 1)
}

/** Serves them all. `holders`: those that run, which may stay longer than they were promised when it is their turn. */
export function serve(desk: Desk, leases: readonly Lease[], holders: Holder[]): Queued {
  const waiting = leases.filter((lease) => isQueued(lease)).toSorted(isBefore)
  // A lease whose image is on its way has its nodes before all others.
  const inOrder = [
    ...waiting.filter((lease) => desk.images.copyOf(lease)),
    ...waiting.filter((lease) => !desk.images.copyOf(lease)),
  ]
  const cut = holders.filter(
    ({ lease, booking }) => booking.segment.ends === 'suspended' && givesWay(lease, desk.rules),
  )
  const turns = takeTurns(desk, inOrder, { cut, holders })
  return {
    begun: turns.begun,
    transfer: turns.transfer,
    waiting: foresee(desk, turns.left)
      .toSorted((a, b) => isBefore(a.work.lease, b.work.lease))
      .map(({ work, segment, reason }, at) => ({
        lease: work.lease.id,
        place: at + 1,
        earliestStart: segment?.from ?? null,
        reason,
      })),
  }
}

interface Turns {
  readonly left: Turn[]
  readonly begun: { work: Work; segment: Segment }[]
  readonly transfer: LeasePlan['transfer'][number][]
  reserved: number
  isHeld: boolean
}

function takeTurns(
  desk: Desk,
  inOrder: readonly Lease[],
  { cut, holders }: { readonly cut: readonly Holder[]; readonly holders: Holder[] },
): Turns {
  const turns: Turns = { left: [], begun: [], transfer: [], reserved: 0, isHeld: false }
  const staying = cut.toSorted((a, b) => isBefore(a.lease, b.lease))
  for (const lease of inOrder) {
    while (staying[0] && isBefore(staying[0].lease, lease) < 0) stayLonger(desk, staying.shift(), holders)
    const work = workOf(lease, desk.now)
    const turn = work && takeTurn(desk, work, turns)
    if (turn) turns.left.push(turn)
  }
  for (const holder of staying) stayLonger(desk, holder, holders)
  return turns
}

/** Whoever runs until others need its room stays on where nobody before it in the queue does any more. */
function stayLonger(desk: Desk, holder: Holder | undefined, holders: Holder[]): void {
  if (!holder) return
  desk.calendar.release(holder.booking)
  const at = holders.findIndex(({ lease }) => lease.id === holder.lease.id)
  holders[at] = hold(desk, holder.lease, holder.state)
}

/** null: it begins. */
function takeTurn(desk: Desk, work: Work, turns: Turns): Turn | null {
  const { now, calendar, images, rules } = desk
  const book = (segment: Segment): Segment => {
    const booking: Booking = { lease: work.lease.id, segment, machines: work.lease.machines }
    calendar.book(booking)
    return segment
  }
  const isOpen = !turns.isHeld
  const atOnce = isOpen ? stretchAt(desk, work, now) : null
  if (atOnce?.from === now) {
    turns.begun.push({ work, segment: book(atOnce) })
    return null
  }
  const next = isOpen && !work.suspendedOn && images.copySeconds(work.lease) > 0 ? afterCopy(desk, work, turns) : null
  if (next) return { work, segment: book(next), reason: 'its image is being copied' }
  if (turns.reserved >= reservationsOf(rules.backfilling)) return { work, segment: null, reason: NO_ROOM }
  const segment = earliest(desk, work)
  if (!segment) return { work, segment: null, reason: NEVER }
  turns.reserved += 1
  if (rules.backfilling.kind === 'off') turns.isHeld = true
  const needed = images.copyFor(work.lease, segment)
  if (needed?.isDue === true) turns.transfer.push(needed.copy)
  return { work, segment: book(segment), reason: RESERVED }
}

const RESERVED = 'it waits for room, and a time is reserved for it'
const NO_ROOM = 'it waits for its turn: there is no room for all of it that is not promised to others'
const NEVER = 'it fits on no hosts that are here, whatever ends'

/** What begins as soon as its image is there, if the copy can begin now. */
function afterCopy(desk: Desk, work: Work, turns: Turns): Segment | null {
  const { images, now } = desk
  if (!images.mayBeCopiedNow(work.lease)) return null
  const at = images.readyAt(work.lease)
  const segment = at > now ? stretchAt(desk, work, at) : null
  if (!segment || images.copyOf(work.lease)) return segment
  const needed = images.copyFor(work.lease, segment)
  if (needed?.isDue === true) turns.transfer.push(needed.copy)
  return segment
}

/** Further back in the queue a time would mean little, and finding it costs the more the longer the queue is. */
const MOST_FORESEEN = 100

/** When the others would begin, each behind those before it. */
function foresee(desk: Desk, turns: readonly Turn[]): Turn[] {
  if (desk.rules.foresee === 'reserved') return [...turns]
  return turns.map((turn, at) => {
    if (turn.segment || turn.reason === NEVER || at >= MOST_FORESEEN) return turn
    const segment = earliest(desk, turn.work)
    if (!segment) return { ...turn, reason: NEVER }
    desk.calendar.book({ lease: turn.work.lease.id, segment, machines: turn.work.lease.machines })
    return { ...turn, segment }
  })
}

/** Best-effort leases, and immediate ones that were suspended. */
const isQueued = ({ terms, state }: Lease): boolean =>
  state.kind !== 'running' &&
  state.kind !== 'ending' &&
  (terms.kind === 'best-effort' || (terms.kind === 'immediate' && state.kind !== 'waiting'))
