/** Placement with groups written down naively: every machine asks every host everything, each time anew. */
import {
  attributeOf,
  compiledRank,
  type Demand,
  FILTERS,
  type GroupView,
  type HostView,
  joined,
  placeOf,
} from '../../src/model/placement'
import { namesIn } from '../../src/model/placement/expressions'
import type { Plan } from '../../workers/scheduler/place'
import { bindRank } from './rank-by-row'

type Now = { -readonly [K in keyof HostView]: HostView[K] }

function rankOf({ preference, project = null }: Demand, host: HostView): number {
  const rank = compiledRank(preference?.shares[0] ?? { rank: '- RUNNING_VMS', weight: 1 })
  if (!rank) throw new Error('no rank')
  const names = [...namesIn(rank.tree)]
  const value = bindRank(rank, (name) => names.indexOf(name))(names.map((name) => attributeOf(host, name, project)))
  return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value
}

const takes = (machine: Demand, host: HostView): boolean =>
  FILTERS.every((filter) => filter.admits(machine, host) === true)

/** The hosts that take it, best first. */
const ranked = (machine: Demand, hosts: readonly Now[]): readonly Now[] =>
  hosts
    .filter((host) => takes(machine, host))
    .map((host) => ({ host, rank: rankOf(machine, host) }))
    .toSorted((a, b) => (a.rank === b.rank ? (a.host.id < b.host.id ? -1 : 1) : b.rank - a.rank))
    .map(({ host }) => host)

function add({ size, name, project = null }: Demand, host: Now, sign: 1 | -1): void {
  host.machines += sign
  host.free = {
    cpuHundredths: host.free.cpuHundredths - sign * size.cpuHundredths,
    memoryMiB: host.free.memoryMiB - sign * size.memoryMiB,
    diskGiB: host.free.diskGiB - sign * size.diskGiB,
  }
  if (!host.traits || name === undefined) return
  const { instances } = host.traits
  host.traits = { ...host.traits, instances: sign === 1 ? [...instances, { name, project }] : instances.slice(0, -1) }
}

interface Seat {
  readonly machine: Demand
  readonly host: Now
}

export function placeGroupsNaively(hosts: readonly HostView[], machines: readonly Demand[]): Plan['placed'] {
  const now = hosts.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((host): Now => ({ ...host }))
  const views = new Map<string, GroupView>()
  const failed = new Set<string>()
  const done = new Set<string>()
  const placed: Plan['placed'][number][] = []
  const viewOf = (machine: Demand) => machine.group && (views.get(machine.group.view.id) ?? machine.group.view)

  const settle = ({ machine, host }: Seat): void => {
    add(machine, host, 1)
    done.add(machine.id)
    placed.push({ machine: machine.id, host: host.id })
    const view = viewOf(machine)
    if (view && machine.group)
      views.set(
        view.id,
        joined(view, placeOf(host, view.rule.over), {
          name: machine.name ?? '',
          partition: machine.group.partition,
        }),
      )
  }
  const tried = (set: readonly Demand[], inside: readonly Now[]): readonly Seat[] | undefined => {
    const seats: Seat[] = []
    for (const machine of set) {
      const [host] = ranked(machine, inside)
      if (!host) break
      add(machine, host, 1)
      seats.push({ machine, host })
    }
    for (const { machine, host } of seats.toReversed()) add(machine, host, -1)
    return seats.length === set.length ? seats : undefined
  }
  const together = (leader: Demand, over: string, set: readonly Demand[]): readonly Seat[] | undefined => {
    const largest = set.toSorted(
      ({ size: a }, { size: b }) =>
        b.memoryMiB - a.memoryMiB || b.cpuHundredths - a.cpuHundredths || b.diskGiB - a.diskGiB,
    )
    for (const best of ranked(leader, now)) {
      const inside = now.filter((host) => placeOf(host, over) === placeOf(best, over))
      const seats = tried(set, inside) ?? tried(largest, inside)
      if (seats) return seats
    }
    return undefined
  }

  for (const machine of machines) {
    if (done.has(machine.id)) continue
    const view = viewOf(machine)
    if (!view || !machine.group) {
      const [host] = ranked(machine, now)
      if (host) settle({ machine, host })
      continue
    }
    const { rule } = view
    if (rule.keeps === 'together' && view.held.size === 0 && !failed.has(view.id)) {
      const set = machines.filter((one) => one.group?.view.id === view.id)
      const seats = together(set[0] ?? machine, rule.over, set)
      if (seats) {
        for (const seat of seats) settle(seat)
        continue
      }
      failed.add(view.id)
    }
    if (failed.has(view.id) && rule.strength === 'hard') continue
    const fitting = ranked({ ...machine, group: { ...machine.group, view } }, now)
    const there = (host: Now) => view.held.get(placeOf(host, rule.over))?.length ?? 0
    const badness = (host: Now): number =>
      rule.strength === 'hard' ? 0 : rule.keeps === 'apart' ? there(host) : there(host) > 0 ? 0 : 1
    const least = Math.min(...fitting.map(badness))
    const host = fitting.find((one) => badness(one) === least)
    if (host) settle({ machine, host })
  }
  return placed
}
