/**
 * Choosing: which waiting machine goes to which host. Pure: a snapshot in, a plan out; the claims script checks it again.
 *
 * Hosts are re-ranked after each placement. Machines are taken in the order given; one that fits nowhere is left with its
 * reasons and never holds up another. Within one plan free amounts only shrink, so what a demand could not get once, an
 * equal demand cannot get later: each distinct demand fails at most once.
 */
import type { ComputeId, HostId } from '../../src/model/ids'
import { type Demand, fits, type HostView, waitingReasons } from '../../src/model/placement'
import type { Waiting } from '../../src/model/records'
import { type Candidate, occupy, RankedHosts, type Ranking, striping } from './ranking'

export interface Snapshot {
  readonly hosts: readonly HostView[]
  /** In the order in which they get their turn. */
  readonly machines: readonly Demand[]
}

export interface Plan {
  readonly placed: readonly { readonly machine: ComputeId; readonly host: HostId }[]
  readonly left: readonly { readonly machine: ComputeId; readonly waiting: Omit<Waiting, 'since'> }[]
}

/** At most this many machines from one snapshot. */
export const BATCH = 1000

/** Equal demands get equal answers. */
const demandKey = ({ size, zone, avoid, with: beside }: Demand): string =>
  `${size.cpuHundredths} ${size.memoryMiB} ${size.diskGiB} ${zone ?? '*'} ${beside ?? '*'} ${avoid.map((entry) => entry.host).join()}`

/** Hosts that may take anything at all, by zone: a machine that names a zone looks at no other. */
function rankByZone(candidates: readonly Candidate[], ranking: Ranking): Map<string, RankedHosts> {
  const zones = new Map<string, Candidate[]>()
  for (const candidate of candidates) {
    if (!candidate.enabled || !candidate.answers || candidate.retired) continue
    const members = zones.get(candidate.zone)
    if (members === undefined) zones.set(candidate.zone, [candidate])
    else members.push(candidate)
  }
  return new Map([...zones].map(([zone, members]) => [zone, new RankedHosts(ranking, members)]))
}

/** The best host of one zone that fits, taken out of its ranking; those that ranked before it stay. */
function takeFitting(hosts: RankedHosts, machine: Demand): Candidate | undefined {
  const passed: Candidate[] = []
  let found: Candidate | undefined
  for (let next = hosts.pop(); next !== undefined; next = hosts.pop()) {
    if (fits(machine, next)) {
      found = next
      break
    }
    passed.push(next)
  }
  for (const candidate of passed) hosts.push(candidate)
  return found
}

/** Places what fits, by the ranking (striping unless told otherwise). At most BATCH machines are looked at. */
export function place(snapshot: Snapshot, ranking: Ranking = striping): Plan {
  const candidates: Candidate[] = snapshot.hosts.map((host) => ({ ...host }))
  const zones = rankByZone(candidates, ranking)
  const placed: Plan['placed'][number][] = []
  const leftOver: Demand[] = []
  const hopeless = new Set<string>()
  for (const machine of snapshot.machines.slice(0, BATCH)) {
    const key = demandKey(machine)
    const chosen = hopeless.has(key) ? undefined : choose(zones, machine, ranking)
    if (chosen === undefined) {
      hopeless.add(key)
      leftOver.push(machine)
      continue
    }
    occupy(chosen, machine.size)
    zones.get(chosen.zone)?.push(chosen)
    placed.push({ machine: machine.id, host: chosen.id })
  }
  return { placed, left: withReasons(leftOver, candidates) }
}

/** The best fitting host of all zones that may do; those of other zones go back. */
function choose(zones: Map<string, RankedHosts>, machine: Demand, ranking: Ranking): Candidate | undefined {
  let best: Candidate | undefined
  for (const [zone, hosts] of zones) {
    if (machine.zone !== null && machine.zone !== zone) continue
    const candidate = takeFitting(hosts, machine)
    if (candidate === undefined) continue
    const [winner, loser] = best === undefined || ranking(candidate, best) ? [candidate, best] : [best, candidate]
    if (loser !== undefined) zones.get(loser.zone)?.push(loser)
    best = winner
  }
  return best
}

/** Reasons are computed once per distinct demand, against what is left after the plan. */
function withReasons(machines: readonly Demand[], hosts: readonly HostView[]): Plan['left'] {
  const known = new Map<string, Omit<Waiting, 'since'>>()
  return machines.map((machine) => {
    const key = demandKey(machine)
    const waiting = known.get(key) ?? waitingReasons(machine, hosts)
    known.set(key, waiting)
    return { machine: machine.id, waiting }
  })
}
