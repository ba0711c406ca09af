/**
 * Stretches of a lease that together are done by its deadline: one, if there is one long enough; else as many as it takes, each as
 * early as can be, suspended in between. null: there are none.
 */
import { type Booking, orForEver } from './calendar'
import { type Desk, isSuspendable, type Work } from './desk'
import { earliest } from './earliest'
import type { Segment } from './lease'

const MOST_STRETCHES = 100

export function chain(desk: Desk, work: Work, by: number): Segment[] | null {
  const isInTime = (segment: Segment): boolean => orForEver(segment.to) <= by
  const whole = earliest(desk, work, { cut: 'whole' })
  if (whole && isInTime(whole)) return [whole]
  if (!isSuspendable(work.lease, desk.rules)) return null
  const booked: Booking[] = []
  const found = stretches(desk, work, { isInTime, booked })
  for (const booking of booked) desk.calendar.release(booking)
  return found
}

/** Each is booked before the next one is looked for. */
function stretches(
  desk: Desk,
  work: Work,
  { isInTime, booked }: { isInTime: (segment: Segment) => boolean; booked: Booking[] },
): Segment[] | null {
  const found: Segment[] = []
  for (let left = work; found.length < MOST_STRETCHES; ) {
    const segment = earliest(desk, left)
    if (!segment || !isInTime(segment)) return null
    found.push(segment)
    if (segment.ends === 'done') return found
    const booking = { lease: work.lease.id, segment, machines: work.lease.machines }
    desk.calendar.book(booking)
    booked.push(booking)
    const ran = orForEver(segment.stop) - segment.run
    left = { ...left, remaining: left.remaining - ran, suspendedOn: segment.nodes, from: orForEver(segment.to) }
  }
  return null
}
