/**
 * The hosts of one plan with those of their attributes that expressions name, a row for each host. Each placement is noted, so that
 * whoever ranked the hosts before can catch up with those alone that changed.
 */
import type { Size } from '../../src/model/machine'
import { attributeOf, type Demand, FILTERS, isMoving } from '../../src/model/placement'
import type { Value } from '../../src/model/placement/expressions'
import { type Candidate, occupy } from './candidate'

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
  /** Hosts, in the order in which they changed. */
  readonly changed: number[] = []
  private readonly columns: Column[] = []
  /** By filter and what it reads of a machine: 1 for each host that it admits. */
  private readonly verdicts = new Map<string, Uint8Array>()

  constructor(hosts: readonly Candidate[]) {
    this.hosts = hosts.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    this.rows = this.hosts.map(() => [])
    this.versions = new Int32Array(this.hosts.length)
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

  /** 1 for each host that no settled rule refuses to such a machine. */
  openTo(machine: Demand): Uint8Array {
    const open = new Uint8Array(this.hosts.length).fill(1)
    for (const { name, reads, admits } of FILTERS) {
      if (reads === undefined) continue
      const key = JSON.stringify([name, ...reads.map((part) => machine[part] ?? null)])
      const verdict =
        this.verdicts.get(key) ?? Uint8Array.from(this.hosts, (host) => (admits(machine, host) === true ? 1 : 0))
      this.verdicts.set(key, verdict)
      for (let at = 0; at < open.length; at += 1) open[at] = (open[at] ?? 0) & (verdict[at] ?? 0)
    }
    return open
  }

  /** The machine gets its place there. */
  occupy(at: number, machine: Demand): void {
    const host = this.hosts[at]
    const row = this.rows[at]
    if (!host || !row) return
    occupy(host, machine)
    this.columns.forEach(({ name, project, size, moves }, index) => {
      if (moves) row[index] = attributeOf(host, name, project, size)
    })
    this.versions[at] = (this.versions[at] ?? 0) + 1
    this.changed.push(at)
  }
}

const isSame = (a: Size | undefined, b: Size | undefined): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)
