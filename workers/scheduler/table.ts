/**
 * The hosts of one plan with those of their attributes that expressions name, a row for each host. Each placement is noted, so that
 * whoever ranked the hosts before can catch up with those alone that changed.
 */
import type { HostCapacity, Size } from '../../src/model/machine'
import { attributeOf, type Demand, FILTERS, isMoving, type Slot } from '../../src/model/placement'
import { figureOf, type Value } from '../../src/model/placement/expressions'
import { GROUP_FILTERS, ROOM_FILTERS } from '../../src/model/placement/filters'
import type { Filter } from '../../src/model/placement/filters/filter'
import { meetsRequirements } from '../../src/model/placement/filters/meets-requirements'
import { ofOneProject } from '../../src/model/placement/filters/of-one-project'
import { type Candidate, claimRoom, countTenant, join } from './candidate'
import { fillSlot } from './fill-slot'

type Settled = Filter & { readonly reads: readonly (keyof Demand)[] }

/** Filters whose verdict does not change while a plan is made. */
const SETTLED = FILTERS.filter((filter): filter is Settled => filter.reads !== undefined)

/** Those that are neither settled for good, nor told by figures, nor bound to the table's rows, nor a group's (groups.ts). */
export const MOVING = FILTERS.filter(
  (filter) =>
    filter.reads === undefined &&
    filter !== meetsRequirements &&
    !ROOM_FILTERS.includes(filter) &&
    !GROUP_FILTERS.includes(filter),
)

const PRICE = 'COST'

interface Column {
  readonly name: string
  readonly project: string | null
  /** Of the machine that asks, where what is asked depends on it. */
  readonly size: Size | undefined
  readonly moves: boolean
  /** As ranks take it, once one does. */
  figures?: Float32Array
}

export class Table {
  /** Lowest id first: on ties the first one is taken, so that runs repeat. */
  readonly hosts: readonly Candidate[]
  readonly rows: readonly Value[][]
  /** How often each host changed. */
  readonly versions: Int32Array
  /** Whether one of them is a provider. */
  readonly providers: 'some' | 'none'
  /** Hosts with free places of reservations. */
  readonly slotted: readonly number[]
  /** Hosts, in the order in which they changed. */
  readonly changed: number[] = []
  /** Those of them that may have more room than before: what was reserved and is not needed is free again. */
  readonly freed: number[] = []
  /** What is free on each host, three figures after another: the same as theirs, where a thousand of them lie close together. */
  private readonly free: Float64Array
  /** What the last look for hosts with room found. */
  private readonly found: Int32Array
  private readonly columns: Column[] = []
  /** Every place in the table. */
  private readonly all: readonly number[]
  /** 1 for each host that a moving rule may refuse at all. */
  private readonly guarded: Uint8Array
  /** Whether there is such a host. */
  readonly guards: 'some' | 'none'
  /** By filter: the hosts that it may refuse at all. */
  private readonly concerned = new Map<Filter, readonly number[]>()
  /** By filter and what it reads of a machine: the hosts that it refuses. */
  private readonly refused = new Map<string, readonly number[]>()
  /** By all that these filters read: 1 for each host that all of them admit. */
  private readonly opened = new Map<string, Uint8Array>()

  /** `byProject`: whether anybody asks whose machines are on a host. */
  constructor(
    hosts: readonly Candidate[],
    private readonly byProject: 'asks' | 'no' = 'asks',
  ) {
    this.hosts = hosts.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    this.rows = this.hosts.map(() => [])
    this.all = this.hosts.map((_host, at) => at)
    this.versions = new Int32Array(this.hosts.length)
    this.providers = this.hosts.some(({ provider }) => provider !== undefined) ? 'some' : 'none'
    this.slotted = this.hosts.flatMap(({ slots }, at) => (slots === undefined ? [] : [at]))
    this.free = new Float64Array(3 * this.hosts.length)
    this.found = new Int32Array(this.hosts.length)
    this.guarded = new Uint8Array(this.hosts.length)
    for (let at = 0; at < this.hosts.length; at += 1) this.noteFree(at)
    for (const filter of MOVING) for (const at of this.concernedBy(filter)) this.guarded[at] = 1
    this.guards = this.guarded.includes(1) ? 'some' : 'none'
  }

  /** Whether no rule refuses the machine there that a placement may change, beside those of figures, expressions and groups. */
  letsIn(at: number, machine: Demand): boolean {
    if (this.guarded[at] === 0) return true
    const host = this.hosts[at]
    return host !== undefined && MOVING.every((filter) => filter.admits(machine, host) === true)
  }

  /** Whether the host has room for as much. */
  hasRoom(at: number, { cpuHundredths, memoryMiB, diskGiB }: HostCapacity): boolean {
    const from = 3 * at
    return (
      (this.free[from] ?? 0) >= cpuHundredths &&
      (this.free[from + 1] ?? 0) >= memoryMiB &&
      (this.free[from + 2] ?? 0) >= diskGiB
    )
  }

  /** Whether a placement on a host may change an attribute of it. A price rises as the cheap types are used up. */
  readonly moves = (name: string): boolean => isMoving(name) || name === PRICE

  /** Where every row has that attribute, as somebody of that project sees it; of COST, for a machine of that size. */
  place(name: string, project: string | null, asker: Size): number {
    const size = name === PRICE ? asker : undefined
    const known = this.columns.findIndex(
      (column) => column.name === name && column.project === project && isSame(column.size, size),
    )
    if (known >= 0) return known
    this.columns.push({ name, project, size, moves: this.moves(name) })
    this.hosts.forEach((host, at) => {
      this.rows[at]?.push(attributeOf(host, name, project, size))
    })
    return this.columns.length - 1
  }

  /** An attribute as ranks take it, host by host: kept as it is now, and the table's own. */
  figures(name: string, project: string | null, asker: Size): Float32Array {
    const place = this.place(name, project, asker)
    const column = this.columns[place]
    const figures = column?.figures ?? Float32Array.from(this.rows, (row) => figureOf(row[place]))
    if (column) column.figures = figures
    return figures
  }

  /** Those of the open hosts that have room for as much, first to last; the next look for such writes over them. */
  withRoom(open: Uint8Array, { cpuHundredths, memoryMiB, diskGiB }: HostCapacity): Int32Array {
    const { free, found } = this
    let count = 0
    for (let at = 0; at < open.length; at += 1) {
      const from = 3 * at
      if (
        open[at] === 1 &&
        (free[from] ?? 0) >= cpuHundredths &&
        (free[from + 1] ?? 0) >= memoryMiB &&
        (free[from + 2] ?? 0) >= diskGiB
      ) {
        found[count] = at
        count += 1
      }
    }
    return found.subarray(0, count)
  }

  /** 1 for each host that no settled rule refuses to such a machine; the caller's own. */
  openTo(machine: Demand): Uint8Array {
    const key = JSON.stringify(SETTLED.map(({ reads }) => reads.map((part) => machine[part] ?? null)))
    const known = this.opened.get(key) ?? this.askedOf(machine)
    this.opened.set(key, known)
    return known.slice()
  }

  private askedOf(machine: Demand): Uint8Array {
    const open = new Uint8Array(this.hosts.length).fill(1)
    for (const filter of SETTLED) for (const at of this.refusedBy(filter, machine)) open[at] = 0
    return open
  }

  private refusedBy(filter: Settled, machine: Demand): readonly number[] {
    const concerned = this.concernedBy(filter)
    if (concerned.length === 0) return concerned
    const key = JSON.stringify([filter.name, ...filter.reads.map((part) => machine[part] ?? null)])
    const known = this.refused.get(key)
    if (known) return known
    const refused = concerned.filter((at) => {
      const host = this.hosts[at]
      return host !== undefined && filter.admits(machine, host) !== true
    })
    this.refused.set(key, refused)
    return refused
  }

  private concernedBy(filter: Filter): readonly number[] {
    const known = this.concerned.get(filter)
    if (known) return known
    if (filter === ofOneProject && this.byProject === 'no') return []
    const { concerns } = filter
    const concerned = concerns
      ? this.all.filter((at) => this.hosts[at] !== undefined && concerns(this.hosts[at]))
      : this.all
    this.concerned.set(filter, concerned)
    return concerned
  }

  /** The machine gets its place there: of what is free, or a reservation's. */
  occupy(at: number, machine: Demand, slot?: Slot): void {
    const host = this.hosts[at]
    const row = this.rows[at]
    if (!host || !row) return
    if (slot) {
      fillSlot(host, machine, slot)
      this.freed.push(at)
    } else claimRoom(host, machine)
    join(host, machine)
    if (this.byProject === 'asks') countTenant(host, machine, 1)
    this.changedAt(at, host, row)
  }

  /** A host as it is now; `restore` makes it so again. */
  saved(at: number): Candidate | undefined {
    const host = this.hosts[at]
    // Whoever came first is nobody's fellow again when it is restored.
    return host && { tenants: undefined, keptFor: undefined, ...host }
  }

  restore(at: number, saved: Candidate): void {
    const host = this.hosts[at]
    const row = this.rows[at]
    if (!host || !row) return
    Object.assign(host, saved)
    this.freed.push(at)
    this.changedAt(at, host, row)
  }

  private changedAt(at: number, host: Candidate, row: Value[]): void {
    this.noteFree(at)
    for (const [index, { name, project, size, moves, figures }] of this.columns.entries()) {
      if (!moves) continue
      const value = attributeOf(host, name, project, size)
      row[index] = value
      if (figures) figures[at] = figureOf(value)
    }
    this.versions[at] = (this.versions[at] ?? 0) + 1
    this.changed.push(at)
  }

  private noteFree(at: number): void {
    const { cpuHundredths = 0, memoryMiB = 0, diskGiB = 0 } = this.hosts[at]?.free ?? {}
    this.free[3 * at] = cpuHundredths
    this.free[3 * at + 1] = memoryMiB
    this.free[3 * at + 2] = diskGiB
  }
}

const isSame = (a: Size | undefined, b: Size | undefined): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)
