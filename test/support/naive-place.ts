/** Placement written down naively: every machine asks every host everything. What the scheduler must come to, and the bench's base. */
import { attributeOf, compiledRank, type Demand, FILTERS, type HostView } from '../../src/model/placement'
import { namesIn } from '../../src/model/placement/expressions'
import type { Plan } from '../../workers/scheduler/place'
import { bindRank } from './rank-by-row'

/** What a machine with one rank makes of a host; a division by zero comes last. */
function rankOf({ preference, project = null }: Demand, host: HostView): number {
  const rank = compiledRank(preference?.shares[0] ?? { rank: '- RUNNING_VMS', weight: 1 })
  if (!rank) throw new Error('no rank')
  const names = [...namesIn(rank.tree)]
  const value = bindRank(rank, (name) => names.indexOf(name))(names.map((name) => attributeOf(host, name, project)))
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value
}

/** Host by machine; lowest id on ties. */
export function placeNaively(hosts: readonly HostView[], machines: readonly Demand[]): Plan['placed'] {
  const now = hosts.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((host) => ({ ...host }))
  const placed: Plan['placed'][number][] = []
  for (const machine of machines) {
    let best: { host: (typeof now)[number]; rank: number } | undefined
    for (const host of now) {
      if (!FILTERS.every((filter) => filter.admits(machine, host) === true)) continue
      const rank = rankOf(machine, host)
      if (best === undefined || rank > best.rank) best = { host, rank }
    }
    if (!best) continue
    const { host } = best
    const { size, name, project = null } = machine
    host.machines += 1
    host.free = {
      cpuHundredths: host.free.cpuHundredths - size.cpuHundredths,
      memoryMiB: host.free.memoryMiB - size.memoryMiB,
      diskGiB: host.free.diskGiB - size.diskGiB,
    }
    if (host.traits && name !== undefined)
      host.traits = { ...host.traits, instances: [...host.traits.instances, { name, project }] }
    placed.push({ machine: machine.id, host: host.id })
  }
  return placed
}
