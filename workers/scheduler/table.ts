/**
 * The hosts of one plan with those of their attributes that expressions name, a row for each host. Each placement is noted, so that
 * whoever ranked the hosts before can catch up with those alone that changed.
 */
import type { HostCapacity, Size } from '../../src/model/machine'
import { attributeOf, type Demand, FILTERS, isMoving, type Slot } from '../../src/model/placement'
import type { Value } from '../../src/model/placement/expressions'
import { type Candidate, claimRoom, join } from './candidate'
import { fillSlot } from './fill-slot'

/** Filters whose verdict does not change while a plan is made. */
const SETTLED = FILTERS.flatMap((filter) => (filter.reads === undefined ? [] : [{ ...filter, reads: filter.reads }]))

interface Column {
  readonly name: string
  readonly project: string | null
  /** Of the machine that asks, where what is asked depends on it. */
  readonly size: Size | undefined
  readonly moves: boolean
}

export class Table {
  /** Lowest id first: on ties the first one is taken, so that runs repeat (placement reference §3). */
  readonly hosts: readonly Candidate[]
  readonly rows: readonly Value[][]
  /** How often each host changed. */
  readonly versions: Int32Array
  /** Hosts with free places of reservations. */
  readonly slotted: readonly number[]
  /** Hosts, in the order in which they changed. */
  readonly changed: number[] = []
  /** Those of them that may have more room than before: what was reserved and is not needed is free again. */
  readonly freed: number[] = []
  /** What is free on each host, three figures after another: the same as theirs, where a thousand of them lie close together. */
  private readonly free: Float64Array
  private readonly columns: Column[] = []
  /** By filter and what it reads of a machine: 1 for each host that it admits. */
  private readonly verdicts = new Map<string, Uint8Array>()
  /** By all that these filters read: 1 for each host that all of them admit. */
  private readonly opened = new Map<string, Uint8Array>()

  constructor(hosts: readonly Candidate[]) {
    this.hosts = hosts.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    this.rows = this.hosts.map(() => [])
    this.versions = new Int32Array(this.hosts.length)
    this.slotted = this.hosts.flatMap(({ slots }, at) => (slots === undefined ? [] : [at]))
    this.free = new Float64Array(3 * this.hosts.length)
    for (let at = 0; at < this.hosts.length; at += 1) this.noteFree(at)
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

  /** Where every row has that attribute, as somebody of that project sees it; of COST, for a machine of that size. */
  place(name: string, project: string | null, asker: Size): number {
    const size = name === 'COST' ? asker : undefined
    const known = this.columns.findIndex(
      (column) => column.name === name && column.project === project && isSame(column.size, size),
    )
    if (known >= 0) return known
    this.columns.push({ name, project, size, moves: isMoving(name) || size !== undefined })
    this.hosts.forEach((host, at) => {
      this.rows[at]?.push(attributeOf(host, name, project, size))
    })
    return this.columns.length - 1
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
    for (const { name, reads, admits } of SETTLED) {
      const key = JSON.stringify([name, ...reads.map((part) => machine[part] ?? null)])
      const verdict =
        this.verdicts.get(key) ?? Uint8Array.from(this.hosts, (host) => (admits(machine, host) === true ? 1 : 0))
      this.verdicts.set(key, verdict)
      for (let at = 0; at < open.length; at += 1) open[at] = (open[at] ?? 0) & (verdict[at] ?? 0)
    }
    return open
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
    this.columns.forEach(({ name, project, size, moves }, index) => {
      if (moves) row[index] = attributeOf(host, name, project, size)
    })
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
