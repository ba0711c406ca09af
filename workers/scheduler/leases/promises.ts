/**
 * What earlier plans promised, put on the calendar before anything else, and what of it cannot be kept where it was: its hosts are
 * away, or its time went by. That is planned anew, as if it were asked for now; only where that fails is it broken.
 */

import { type Admission, bookAll, type Promised } from './admit'
import { orForEver } from './calendar'
import type { Desk } from './desk'
import type { Lease, LeasePlan, Segment } from './lease'

export interface Kept {
  readonly promised: Map<string, Promised>
  /** To be planned anew, the most urgent first. */
  readonly lost: readonly Lease[]
}

export function bookPromised(desk: Desk, leases: readonly Lease[]): Kept {
  const promised = new Map<string, Promised>()
  const lost: Lease[] = []
  const open = leases.filter(({ booked, state }) => booked !== undefined && state.kind !== 'ending')
  for (const lease of open.toSorted((a, b) => urgency(a) - urgency(b))) {
    const ahead = segmentsAhead(desk, lease)
    if (lease.state.kind !== 'running' && isLost(desk, lease, ahead)) lost.push(lease)
    else promised.set(lease.id, { lease: { ...lease, booked: ahead }, bookings: bookAll(desk, lease, ahead) })
  }
  return { promised, lost }
}

/** Those that lost their hosts or their time get others, or are told to be broken. */
export function planAnew(
  desk: Desk,
  admission: Admission,
  lost: readonly Lease[],
): Pick<LeasePlan, 'accepted' | 'broken'> {
  const accepted: LeasePlan['accepted'][number][] = []
  const broken: LeasePlan['broken'][number][] = []
  for (const lease of lost) {
    const admitted = admission.admit(lease)
    if (admitted) accepted.push({ lease: lease.id, booked: admitted.segments }, ...movedOf(admitted.moved))
    else if (desk.calendar.placesOf(hostsOf(lease)) === null)
      broken.push({ lease: lease.id, reason: 'hosts that were booked for it are away, and no others have room' })
    else {
      // It is late, but its hosts are here: it keeps its place and may end late.
      const ahead = segmentsAhead(desk, lease)
      admission.promised.set(lease.id, { lease: { ...lease, booked: ahead }, bookings: bookAll(desk, lease, ahead) })
      admission.holdAllAgain()
    }
  }
  return { accepted, broken }
}

export const movedOf = (moved: readonly Promised[]): LeasePlan['accepted'] =>
  moved.map(({ lease }) => ({ lease: lease.id, booked: lease.booked ?? [] }))

const urgency = ({ terms, booked }: Lease): number =>
  terms.kind === 'reservation'
    ? Number.NEGATIVE_INFINITY
    : terms.kind === 'deadline'
      ? terms.by
      : (booked?.[0]?.from ?? 0)

const hostsOf = ({ booked = [] }: Lease): Segment['nodes'] => booked.flatMap(({ nodes }) => nodes)

/** Of what was booked, what is not over and not what runs now. */
function segmentsAhead({ now }: Desk, { booked = [], state }: Lease): Segment[] {
  const ahead = booked.filter(({ to }) => orForEver(to) > now)
  return state.kind === 'running' ? ahead.filter(({ from }) => from > now) : ahead
}

function isLost({ calendar, now }: Desk, { terms, seconds }: Lease, ahead: readonly Segment[]): boolean {
  const [first] = ahead
  if (!first) return terms.kind !== 'reservation' || terms.start + orForEver(seconds) > now
  if (ahead.some(({ nodes }) => calendar.placesOf(nodes) === null)) return true
  return terms.kind === 'deadline' && first.from < now
}
