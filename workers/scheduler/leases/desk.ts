/** What every part of one plan works on: the calendar that fills up, and what does not change meanwhile. */
import type { Calendar } from './calendar'
import type { Images } from './images'
import type { Lease, LeaseRules, Overheads } from './lease'

export interface Desk {
  readonly now: number
  readonly calendar: Calendar
  readonly images: Images
  readonly overheads: Overheads
  readonly rules: LeaseRules
}

/** What is still to be done of a lease. */
export interface Work {
  readonly lease: Lease
  /** Seconds to run; infinite: for ever. */
  readonly remaining: number
  /** Where its memory lies; null: it did not begin yet. */
  readonly suspendedOn: Lease['nodes'] | null
  /** Not before then. */
  readonly from: number
}

export const secondsOf = ({ seconds }: Lease): number => seconds ?? Number.POSITIVE_INFINITY

/** It may be stopped midway, its memory kept. */
export const isSuspendable = ({ preemptible, terms }: Lease, { preemption }: LeaseRules): boolean =>
  preemptible && preemption === 'suspend' && terms.kind !== 'reservation'

/** It may be suspended whenever somebody was promised its room. One with a deadline has its own times. */
export const givesWay = (lease: Lease, rules: LeaseRules): boolean =>
  isSuspendable(lease, rules) && lease.terms.kind !== 'deadline'

/** The work that is left of a lease that holds no room now; null: it runs, or ends. */
export function workOf(lease: Lease, now: number): Work | null {
  const { state } = lease
  switch (state.kind) {
    case 'waiting':
      return { lease, remaining: secondsOf(lease), suspendedOn: null, from: now }
    case 'suspended':
      return { lease, remaining: secondsOf(lease) - state.ran, suspendedOn: state.nodes, from: now }
    case 'suspending':
      return {
        lease,
        remaining: secondsOf(lease) - state.ran,
        suspendedOn: state.nodes,
        from: Math.max(now, state.to),
      }
    case 'running':
    case 'ending':
      return null
  }
}
