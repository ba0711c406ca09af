/**
 * Machines in placement groups while a plan is made. Each group is a value (groups/view.ts) that grows with each machine that gets
 * its place; machines without a group never come here.
 *
 * Why a ranking may be kept from turn to turn: while a plan is made a group's rule only ever refuses more hosts, so what it refused
 * once is taken out of that group's own ranking for good. What is wished for only (soft) is a ladder of such rules, the strictest
 * first, each with a ranking of its own.
 *
 * Those that must be together get their places at once: each place that one of them could have is tried with all of them, and left
 * again when one does not fit. They take no places of reservations; a machine that comes alone does.
 */
import type { HostCapacity } from '../../src/model/machine'
import {
  type Demand,
  GROUP_FILTERS,
  type GroupDemand,
  type GroupView,
  type HostView,
  isRoomFor,
  joined,
  placeOf,
  plus,
  type Slot,
  type Whole,
  wholeOf,
} from '../../src/model/placement'
import type { Shape } from './shape'
import { takeSlot } from './slots'
import type { Table } from './table'

/** A machine with its place. */
export interface Seat {
  readonly machine: Demand
  readonly host: HostView
  /** Of the reservation that it has a place of. */
  readonly slot?: Slot
}
export type Grouped = Demand & { readonly group: GroupDemand }
/** The ranking of the hosts for machines like it; another step has another ranking. */
export type ShapeOf = (machine: Demand, step: string) => Shape

interface Trial {
  readonly machine: Grouped
  readonly at: number
}

interface Step {
  readonly name: string
  readonly allows: (machine: Grouped, host: HostView) => boolean
}

export const isGrouped = (machine: Demand): machine is Grouped => machine.group !== undefined

const KEPT: Step = {
  name: 'kept',
  allows: (machine, host) => GROUP_FILTERS.every((filter) => filter.admits(machine, host) === true),
}
const ANYWHERE: Step = { name: 'anywhere', allows: () => true }

/** What is tried one after another for one machine. */
function stepsOf({ rule, held }: GroupView): readonly Step[] {
  if (rule.strength === 'hard') return [KEPT]
  if (held.size === 0) return [ANYWHERE]
  if (rule.keeps === 'together') {
    const name = `with ${[...held.keys()].sort().join(' ')}`
    return [{ name, allows: (_machine, host) => held.has(placeOf(host, rule.over)) }, ANYWHERE]
  }
  const most = Math.max(...[...held.values()].map((members) => members.length))
  return Array.from({ length: most + 1 }, (_, count) => ({
    name: `at most ${count}`,
    allows: (_machine, host) => (held.get(placeOf(host, rule.over))?.length ?? 0) <= count,
  }))
}

export class Groups {
  /** As they are now. */
  private readonly views = new Map<string, GroupView>()
  /** Of each group the machines that wait, in their order. */
  private readonly waiting = new Map<string, Grouped[]>()
  /** Machines that got their places with another one. */
  private readonly seated = new Set<string>()
  /** Groups that fit together nowhere. */
  private readonly scattered = new Set<string>()
  private readonly wholes = new Map<string, Whole | undefined>()
  private readonly places = new Map<string, ReadonlyMap<string, readonly number[]>>()

  constructor(
    private readonly table: Table,
    private readonly shapeOf: ShapeOf,
    machines: readonly Demand[],
  ) {
    for (const machine of machines) {
      if (!isGrouped(machine)) continue
      const { view } = machine.group
      this.views.set(view.id, view)
      const others = this.waiting.get(view.id)
      if (others) others.push(machine)
      else this.waiting.set(view.id, [machine])
    }
  }

  /** How many places its turn may take. */
  atOnce(machine: Grouped): number {
    const view = this.viewOf(machine)
    return this.isWhole(view) ? (this.waiting.get(view.id)?.length ?? 1) : 1
  }

  /** It got its place when another one had its turn. */
  isSeated = (machine: Demand): boolean => this.seated.has(machine.id)

  /** The places that it gets, with those that must be had at once with it; none: it is left. */
  turn(machine: Grouped): readonly Seat[] {
    const view = this.viewOf(machine)
    if (this.isWhole(view)) {
      const seats = this.together(view)
      if (seats.length > 0) return seats
      this.scattered.add(view.id)
    }
    if (this.scattered.has(view.id) && view.rule.strength === 'hard') return []
    const now = { ...machine, group: { ...machine.group, view } }
    const taken = this.table.slotted.length > 0 ? takeSlot(now, this.table) : undefined
    if (taken) return [this.joins(machine, taken.host, taken.slot)]
    for (const step of stepsOf(view)) {
      const at = this.best(now, step)
      const seat = at === undefined ? undefined : this.seat(machine, at)
      if (seat) return [seat]
    }
    return []
  }

  /** One that was left, with its group as the plan leaves it: for its reasons. */
  asLeft(machine: Demand): Demand {
    if (!isGrouped(machine)) return machine
    const view = this.viewOf(machine)
    const whole = this.wholeAsLeft(view)
    return { ...machine, group: { view, partition: machine.group.partition, ...(whole ? { whole } : {}) } }
  }

  private wholeAsLeft(view: GroupView): Whole | undefined {
    const { id, rule, held } = view
    if (rule.keeps !== 'together' || rule.strength === 'soft' || held.size > 0) return undefined
    const sizes = (this.waiting.get(id) ?? []).map(({ size }) => size)
    if (!this.wholes.has(id)) this.wholes.set(id, wholeOf(rule, sizes, this.table.hosts))
    return this.wholes.get(id)
  }

  private readonly viewOf = ({ group }: Grouped): GroupView => this.views.get(group.view.id) ?? group.view

  private readonly isWhole = ({ id, rule, held }: GroupView): boolean =>
    rule.keeps === 'together' && held.size === 0 && !this.scattered.has(id)

  private best(machine: Grouped, { name, allows }: Step): number | undefined {
    const shape = this.shapeOf(machine, name)
    for (let at = shape.best(); at !== undefined; at = shape.best()) {
      const host = this.table.hosts[at]
      if (host && allows(machine, host)) return at
      shape.close(at)
    }
    return undefined
  }

  private seat(machine: Grouped, at: number): Seat | undefined {
    const host = this.table.hosts[at]
    if (!host) return undefined
    this.table.occupy(at, machine)
    return this.joins(machine, host)
  }

  private joins(machine: Grouped, host: HostView, slot?: Slot): Seat {
    const view = this.viewOf(machine)
    const { partition } = machine.group
    const name = machine.name ?? machine.id
    this.views.set(view.id, joined(view, placeOf(host, view.rule.over), { name, partition }))
    this.seated.add(machine.id)
    return { machine, host, ...(slot ? { slot } : {}) }
  }

  /** All that wait, in the first place that takes them. */
  private together(view: GroupView): readonly Seat[] {
    const all = this.waiting.get(view.id) ?? []
    const [first] = all
    if (!first) return []
    const shape = this.shapeOf(first, 'together')
    const places = this.placesBy(view.rule.over)
    for (let at = shape.best(); at !== undefined; at = shape.best()) {
      const inside = places.get(this.placeAt(at, view)) ?? []
      const seats = this.seatsIn(all, inside)
      if (seats) return seats.flatMap(({ machine, at: there }) => this.seat(machine, there) ?? [])
      for (const other of inside) shape.close(other)
    }
    return []
  }

  /** In their order, else the largest first: they may fit in one of the two ways only. */
  private seatsIn(machines: readonly Grouped[], inside: readonly number[]): readonly Trial[] | undefined {
    const needs = machines.reduce<HostCapacity>((sum, { size }) => plus(sum, size), NOTHING)
    const room = inside.reduce((sum, at) => plus(sum, this.table.hosts[at]?.free ?? NOTHING), NOTHING)
    if (!isRoomFor(room, needs)) return undefined
    return this.tried(machines, inside) ?? this.tried(largestFirst(machines), inside)
  }

  /** Tried on the hosts themselves, and taken back: what a rank asks for may change with each machine. */
  private tried(machines: readonly Grouped[], inside: readonly number[]): readonly Trial[] | undefined {
    const trials: Trial[] = []
    const before: (() => void)[] = []
    for (const machine of machines) {
      const at = this.bestOf(machine, inside)
      const saved = at === undefined ? undefined : this.table.saved(at)
      if (at === undefined || !saved) break
      this.table.occupy(at, machine)
      before.push(() => this.table.restore(at, saved))
      trials.push({ machine, at })
    }
    for (const back of before.toReversed()) back()
    return trials.length === machines.length ? trials : undefined
  }

  /** The highest rank, on ties the first. */
  private bestOf(machine: Grouped, inside: readonly number[]): number | undefined {
    const shape = this.shapeOf(machine, ANYWHERE.name)
    let best: { readonly at: number; readonly rank: number } | undefined
    for (const at of inside) {
      const rank = shape.rankAt(at)
      if (rank !== undefined && (best === undefined || rank > best.rank)) best = { at, rank }
    }
    return best?.at
  }

  private placeAt(at: number, { rule }: GroupView): string {
    const host = this.table.hosts[at]
    return host ? placeOf(host, rule.over) : ''
  }

  private placesBy(over: string): ReadonlyMap<string, readonly number[]> {
    const known = this.places.get(over)
    if (known) return known
    const found = new Map<string, number[]>()
    this.table.hosts.forEach((host, at) => {
      const place = placeOf(host, over)
      const inside = found.get(place)
      if (inside) inside.push(at)
      else found.set(place, [at])
    })
    this.places.set(over, found)
    return found
  }
}

const NOTHING: HostCapacity = { cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 }

const largestFirst = (machines: readonly Grouped[]): readonly Grouped[] =>
  machines.toSorted(
    ({ size: a }, { size: b }) =>
      b.memoryMiB - a.memoryMiB || b.cpuHundredths - a.cpuHundredths || b.diskGiB - a.diskGiB,
  )
