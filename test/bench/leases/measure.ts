/** One run of a workload, and its figures as the experiments have them. */
import { LeaseClock, type Request } from '../../support/lease-world'
import { asRunBy, type Configuration } from './configurations'
import { NODES } from './workload'

export interface Run {
  /** From the first arrival to the end of the last best-effort lease (s). */
  readonly makespan: number
  /** Means of the best-effort leases, without the first 5 %. */
  readonly wait: number
  readonly slowdown: number
  /** Against what a lease really took. */
  readonly realSlowdown: number
  readonly accepted: number
  readonly rejected: number
  readonly suspended: number
  /** Accepted reservations that did not begin when they were to, of those whose time came. */
  readonly broken: number
  readonly plans: number
  readonly ms: number
}

const BOUND_SECONDS = 10
const DROPPED = 0.05
/** With less notice than this a reservation boots after its start. */
const NOTICE_SECONDS = 60

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Booted in its time where there was no time before it. */
function isBroken({ id, terms, submitted }: Request['lease'], clock: LeaseClock, begun: number | undefined): boolean {
  if (terms.kind !== 'reservation' || clock.at(id, 'accepted').length === 0 || terms.start >= clock.now) return false
  return begun !== terms.start && terms.start - submitted > NOTICE_SECONDS
}

/** `requests`: best-effort ones, with reservations among them or not. */
export function measure(configuration: Configuration, requests: readonly Request[]): Run {
  const before = process.cpuUsage()
  const clock = new LeaseClock({
    nodes: NODES,
    ...configuration.site,
    requests: asRunBy(configuration, requests),
    untilDone: 'best-effort',
  }).run()
  const { user, system } = process.cpuUsage(before)

  const begun = new Map<string, number>()
  const ended = new Map<string, number>()
  const count = { accepted: 0, rejected: 0, suspends: 0 }
  for (const { at, lease, what } of clock.happened) {
    if (what === 'runs' && !begun.has(lease)) begun.set(lease, at)
    else if (what === 'ended') ended.set(lease, at)
    else if (what === 'accepted' || what === 'rejected' || what === 'suspends') count[what] += 1
  }
  const counted = requests.filter(({ lease }) => lease.terms.kind === 'best-effort')
  const samples = counted.slice(Math.floor(counted.length * DROPPED)).map(({ lease, real = 0 }) => {
    const end = ended.get(lease.id)
    const begin = begun.get(lease.id)
    if (end === undefined || begin === undefined) throw new Error(`${lease.id} did not end`)
    return {
      wait: begin - lease.submitted,
      // Haizea's own figure is against the time asked for (Lease.get_slowdown), not against what it really took.
      slowdown: (end - lease.submitted) / Math.max(BOUND_SECONDS, lease.seconds ?? 0),
      real: (end - lease.submitted) / Math.max(BOUND_SECONDS, real),
    }
  })
  const last = Math.max(...counted.map(({ lease }) => ended.get(lease.id) ?? 0))
  return {
    makespan: last - Math.min(...counted.map(({ lease }) => lease.submitted)),
    wait: mean(samples.map(({ wait }) => wait)),
    slowdown: mean(samples.map(({ slowdown }) => slowdown)),
    realSlowdown: mean(samples.map(({ real }) => real)),
    accepted: count.accepted,
    rejected: count.rejected,
    suspended: count.suspends,
    broken: requests.filter(({ lease }) => isBroken(lease, clock, begun.get(lease.id))).length,
    plans: clock.plans,
    ms: (user + system) / 1000,
  }
}
