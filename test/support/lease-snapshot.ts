/** Snapshots of small sites for tests of the lease planner: nodes of one core and 1 GiB, 34 s to suspend or resume a machine. */
import type { HostId } from '../../src/model/ids'
import {
  DEFAULT_RULES,
  type Lease,
  type LeaseNode,
  type LeasePlan,
  type LeaseSnapshot,
  planLeases,
} from '../../workers/scheduler/leases'
import { DEFAULT_OVERHEADS } from './lease-overheads'

export const MACHINE = { cpuHundredths: 100, memoryMiB: 1024, diskGiB: 0 }
export const HOUR = 3600

export const host = (number: number): HostId => `n${number}` as HostId
export const hosts = (...numbers: readonly number[]): HostId[] => numbers.map(host)

export const nodes = (count: number, more: Partial<LeaseNode> = {}): LeaseNode[] =>
  Array.from({ length: count }, (_, at) => ({ id: host(at + 1), room: MACHINE, ...more }))

/** Best effort of an hour on one machine, waiting, unless said otherwise. */
export const lease = (id: string, more: Partial<Lease> & { readonly count?: number } = {}): Lease => {
  const { count = 1, ...rest } = more
  return {
    id,
    machines: Array.from({ length: count }, () => MACHINE),
    seconds: HOUR,
    terms: { kind: 'best-effort' },
    submitted: 0,
    preemptible: true,
    state: { kind: 'waiting' },
    ...rest,
  }
}

export const running = (...numbers: readonly number[]): Lease['state'] => ({
  kind: 'running',
  nodes: hosts(...numbers),
  ran: 0,
})

/** At second 0, on four nodes, unless said otherwise. */
export const snapshot = (leases: readonly Lease[], more: Partial<LeaseSnapshot> = {}): LeaseSnapshot => ({
  now: 0,
  nodes: nodes(4),
  leases,
  overheads: { ...DEFAULT_OVERHEADS, commandSeconds: 2 },
  rules: DEFAULT_RULES,
  ...more,
})

export const plan = (leases: readonly Lease[], more: Partial<LeaseSnapshot> = {}): LeasePlan =>
  planLeases(snapshot(leases, more))

/** Who begins, with hosts. */
export const begun = ({ start, resume }: LeasePlan): unknown[] =>
  [...start, ...resume].map(({ lease: id, segment }) => [id, segment.lead, segment.nodes])
