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

/** A plan as it is made: who got their places next, again and again; at the end who is left. What was told stays as it is. */
export type Planning = Generator<readonly Placed[], Omit<Plan, 'placed'>>

/** So many places, or a group's more, are told of at once: some ms of planning. */
const STEP = 100

/** Places what fits, until so many machines have a place. */
export function place(snapshot: Snapshot, most = MOST_PLACED, hints?: Hints): Plan {
  const planning = placeInSteps(snapshot, most, hints)
  const placed: Placed[] = []
  for (;;) {
    const { value, done } = planning.next()
    if (done) return { placed, ...value }
    placed.push(...value)
  }
}

/** The same step by step. */
export function* placeInSteps(snapshot: Snapshot, most = MOST_PLACED, hints?: Hints): Planning {
  const seating = new Seating(snapshot, hints)
  const left: Demand[] = []
  let placed: Placed[] = []
  let count = 0
  let isCut = false
  for (const machine of snapshot.machines) {
    if (seating.isSeated(machine)) continue
    isCut = count >= most || (count > 0 && count + seating.atOnce(machine) > most)
    if (isCut) break
    const seats = seating.turn(machine)
    if (seats.length === 0) left.push(machine)
    placed.push(...seats)
    count += seats.length
    if (placed.length < STEP) continue
    yield placed
    placed = []
  }
  if (placed.length > 0) yield placed
  return { isCut, left: seating.reasons(left) }
}

/** Who gets which place, one turn after another: hosts as the plan has left them so far. */
class Seating {
  private readonly table: Table
  private readonly keys: DemandKeys
  private readonly shapes = new Map<string, Shape>()
  private readonly groups: Groups

  constructor(
    snapshot: Snapshot,
    private readonly hints?: Hints,
  ) {
    const byProject = isByProject(snapshot) ? 'asks' : 'no'
    this.table = new Table(
      snapshot.hosts.map((host) => ({ ...host })),
      byProject,
    )
    this.keys = new DemandKeys(byProject)
    this.groups = new Groups(this.table, this.shapeOf, snapshot.machines)
  }

  /** It got its place in another one's turn. */
  isSeated(machine: Demand): boolean {
    return isGrouped(machine) && this.groups.isSeated(machine)
  }

  /** How many places its turn may take. */
  atOnce(machine: Demand): number {
    return isGrouped(machine) ? this.groups.atOnce(machine) : 1
  }

  /** Its place, and those of the machines that must have theirs at once with it; none: it is left. */
  turn(machine: Demand): readonly Placed[] {
    if (isGrouped(machine))
      return this.groups
        .turn(machine)
        .map(({ machine: one, host, slot }) => ({ machine: one.id, host: host.id, ...(slot ? { slot } : {}) }))
    const taken = this.table.slotted.length > 0 ? takeSlot(machine, this.table) : undefined
    if (taken) return [{ machine: machine.id, host: taken.host.id, slot: taken.slot }]
    const shape = this.shapeOf(machine)
    const hinted = this.hints && takeHinted(machine, this.hints, this.table, shape)
    return hinted ? [hinted] : this.best(machine, shape)
  }

  /** Reasons are computed once per distinct demand, against what is left after the plan. */
  reasons(machines: readonly Demand[]): Plan['left'] {
    const known = new Map<string, Omit<Waiting, 'since'>>()
    return machines.map((one) => {
      const machine = this.groups.asLeft(one)
      const key = this.keys.of(machine)
      const waiting = known.get(key) ?? waitingReasons(machine, this.table.hosts)
      known.set(key, waiting)
      return { machine: machine.id, waiting }
    })
  }

  private best(machine: Demand, shape: Shape): readonly Placed[] {
    const at = shape.best()
    const host = at === undefined ? undefined : this.table.hosts[at]
    if (at === undefined || !host) return []
    const offer = host.provider && bestOffer(machine.size, host.provider, host.free)
    this.table.occupy(at, machine)
    return [offer ? { machine: machine.id, host: host.id, offer } : { machine: machine.id, host: host.id }]
  }

  private readonly shapeOf = (machine: Demand, step = ''): Shape => {
    const key = this.keys.of(machine) + step
    const known = this.shapes.get(key)
    if (known) return known
    const shape = new Shape(machine, this.table)
    this.shapes.set(key, shape)
    return shape
  }
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
