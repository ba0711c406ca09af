/**
 * Choosing: which waiting machine goes to which host. Pure: a snapshot in, a plan out; the claims script checks it again.
 *
 * Hosts are re-ranked after each placement. Machines are taken in the order given; one that fits nowhere is left with its
 * reasons and never holds up another.
 */
import type { ComputeId, HostId } from '../../src/model/ids'
import { type Demand, type HostView, type Slot, waitingReasons } from '../../src/model/placement'
import { bestOffer } from '../../src/model/providers/offers'
import type { ProviderType } from '../../src/model/providers/record'
import type { Waiting } from '../../src/model/records'
import { DemandKeys } from './demand-keys'
import { Groups, isGrouped } from './groups'
import { Shape } from './shape'
import { takeSlot } from './slots'
import { Table } from './table'

export interface Snapshot {
  readonly hosts: readonly HostView[]
  /** In the order in which they get their turn. */
  readonly machines: readonly Demand[]
}

export interface Placed {
  readonly machine: ComputeId
  readonly host: HostId
  /** The reservation that it has a place of; absent: none. */
  readonly slot?: Slot
  /** At a provider: the type of its that the machine takes. */
  readonly offer?: ProviderType
}

export interface Plan {
  readonly placed: readonly Placed[]
  /** It has as many placements as were asked for: the rest has not had its turn. */
  readonly isCut: boolean
  readonly left: readonly { readonly machine: ComputeId; readonly waiting: Omit<Waiting, 'since'> }[]
}

/** At most this many machines get a place at once: what one script claims. */
export const MOST_PLACED = 1000

/** Which type of which provider a machine is to have, if it can; without a hint, what it would choose itself. */
export type Hints = ReadonlyMap<ComputeId, { readonly host: HostId; readonly type: ProviderType }>

/** Places what fits, until so many machines have a place. */
export function place(snapshot: Snapshot, most = MOST_PLACED, hints?: Hints): Plan {
  const byProject = isByProject(snapshot) ? 'asks' : 'no'
  const table = new Table(
    snapshot.hosts.map((host) => ({ ...host })),
    byProject,
  )
  const keys = new DemandKeys(byProject)
  const shapes = new Map<string, Shape>()
  const shapeOf = (machine: Demand, step = ''): Shape => {
    const key = keys.of(machine) + step
    const known = shapes.get(key)
    if (known) return known
    const shape = new Shape(machine, table)
    shapes.set(key, shape)
    return shape
  }
  const groups = new Groups(table, shapeOf, snapshot.machines)
  const placed: Plan['placed'][number][] = []
  const left: Demand[] = []
  const end = (came: 'whole' | 'cut'): Plan => ({
    placed,
    isCut: came === 'cut',
    left: withReasons(
      left.map((machine) => groups.asLeft(machine)),
      table.hosts,
      keys,
    ),
  })
  for (const machine of snapshot.machines) {
    if (placed.length >= most) return end('cut')
    if (isGrouped(machine)) {
      if (groups.isSeated(machine)) continue
      if (placed.length > 0 && placed.length + groups.atOnce(machine) > most) return end('cut')
      const seats = groups.turn(machine)
      if (seats.length === 0) left.push(machine)
      for (const { machine: one, host, slot } of seats)
        placed.push({ machine: one.id, host: host.id, ...(slot ? { slot } : {}) })
      continue
    }
    const taken = table.slotted.length > 0 ? takeSlot(machine, table) : undefined
    if (taken) {
      placed.push({ machine: machine.id, host: taken.host.id, slot: taken.slot })
      continue
    }
    const hinted = hints === undefined ? undefined : takeHinted(machine, hints, table, shapeOf(machine))
    if (hinted) {
      placed.push(hinted)
      continue
    }
    const at = shapeOf(machine).best()
    const host = at === undefined ? undefined : table.hosts[at]
    if (at === undefined || !host) {
      left.push(machine)
      continue
    }
    const offer = host.provider && bestOffer(machine.size, host.provider, host.free)
    table.occupy(at, machine)
    placed.push({ machine: machine.id, host: host.id, ...(offer ? { offer } : {}) })
  }
  return end('whole')
}

/** Its place as it was thought out, where it fits there and no host of the site's own has become free. */
function takeHinted(machine: Demand, hints: Hints, table: Table, shape: Shape): Placed | undefined {
  const hint = hints.get(machine.id)
  if (hint === undefined) return undefined
  const at = table.hosts.findIndex(({ id }) => id === hint.host)
  const host = table.hosts[at]
  const best = shape.best()
  if (!host?.provider || best === undefined || table.hosts[best]?.provider === undefined) return undefined
  const only = { [host.provider.kind ?? '']: hint.type.name }
  const size = { ...machine.size, asks: { ...machine.size.asks, only } }
  const offer = bestOffer(size, host.provider, host.free)
  if (offer === undefined || shape.rankAt(at) === undefined) return undefined
  table.occupy(at, { ...machine, size })
  return { machine: machine.id, host: host.id, offer }
}

/** Whether a host is, or may be by this plan, kept for one project. */
const isByProject = ({ hosts, machines }: Snapshot): boolean =>
  hosts.some(({ keptFor }) => keptFor !== undefined) || machines.some(({ hosting }) => hosting?.alone)

/** Reasons are computed once per distinct demand, against what is left after the plan. */
function withReasons(machines: readonly Demand[], hosts: readonly HostView[], keys: DemandKeys): Plan['left'] {
  const known = new Map<string, Omit<Waiting, 'since'>>()
  return machines.map((machine) => {
    const key = keys.of(machine)
    const waiting = known.get(key) ?? waitingReasons(machine, hosts)
    known.set(key, waiting)
    return { machine: machine.id, waiting }
  })
}
