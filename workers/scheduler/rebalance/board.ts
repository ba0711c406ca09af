/**
 * The hosts while a plan is made: what each has given away, by its own count, and who is on it. Hosts are kept in the order of their
 * loads, so that the fullest and the emptiest are found without asking all.
 */
import type { HostId } from '../../../src/model/ids'
import type { Demand, HostView } from '../../../src/model/placement'
import { FILTERS } from '../../../src/model/placement'
import { HOST_FILTERS } from '../../../src/model/placement/filters'
import { type Candidate, occupy, vacate } from '../candidate'
import { KeptGroups, type SeatedGroup } from './kept-groups'
import type { Loads, Seated } from './plan'

/** A host's place on the board. */
export type At = number

/** One move as the passes make it. */
export interface Step {
  readonly seated: Seated
  readonly from: HostId
  readonly to: HostId
  readonly gain: number
}

export class Board {
  readonly hosts: readonly Candidate[]
  /** Those that may be moved. */
  readonly movable: readonly Seated[][]
  /** How many machines are there, movable or not. */
  private readonly many: Int32Array
  private readonly load: Float64Array
  /** Hosts that take part, the emptiest first; on ties the lowest id. */
  private readonly order: At[]

  private readonly kept: KeptGroups

  constructor(hosts: readonly HostView[], machines: readonly Seated[], groups: readonly SeatedGroup[] = []) {
    this.kept = new KeptGroups(groups, hosts)
    this.hosts = hosts.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((host) => ({ ...host }))
    const places = new Map(this.hosts.map(({ id }, at) => [id, at]))
    this.movable = this.hosts.map(() => [])
    this.many = new Int32Array(this.hosts.length)
    for (const seated of machines) {
      const at = places.get(seated.host)
      if (at === undefined) continue
      this.many[at] = (this.many[at] ?? 0) + 1
      if (seated.how !== null) this.movable[at]?.push(seated)
    }
    this.load = Float64Array.from(this.hosts, loadOf)
    const serves = (host: Candidate) => HOST_FILTERS.every((filter) => filter.admits(NOBODY, host) === true)
    this.order = [...this.hosts.keys()]
      .filter((at) => serves(this.host(at)))
      .sort((a, b) => this.loadAt(a) - this.loadAt(b) || a - b)
  }

  /** The emptiest first. */
  get byLoad(): readonly At[] {
    return this.order
  }

  host(at: At): Candidate {
    const host = this.hosts[at]
    if (!host) throw new RangeError(`there is no host ${at}`)
    return host
  }

  loadAt = (at: At): number => this.load[at] ?? 0

  machinesOn = (at: At): number => this.many[at] ?? 0

  /** What it would be with so much more, or (of a negative sign) less. */
  loadWith(at: At, { size }: Demand, sign: 1 | -1): number {
    const { usable, free } = this.host(at)
    return Math.max(
      share(usable.cpuHundredths - free.cpuHundredths + sign * size.cpuHundredths, usable.cpuHundredths),
      share(usable.memoryMiB - free.memoryMiB + sign * size.memoryMiB, usable.memoryMiB),
    )
  }

  hasRoom(at: At, { size }: Demand): boolean {
    const { free } = this.host(at)
    return free.cpuHundredths >= size.cpuHundredths && free.memoryMiB >= size.memoryMiB && free.diskGiB >= size.diskGiB
  }

  /** What it asks of hosts as things are now. */
  demandOf = (seated: Seated): Demand => this.kept.demandOf(seated)

  admits = (at: At, demand: Demand): boolean => FILTERS.every((filter) => filter.admits(demand, this.host(at)) === true)

  /** Whether hosts differ by whose machine it is. */
  get isByProject(): boolean {
    return this.hosts.some(({ keptFor }) => keptFor !== undefined)
  }

  move(seated: Seated, from: At, to: At): void {
    const there = this.movable[to]
    const here = this.movable[from]
    here?.splice(here.indexOf(seated), 1)
    there?.push(seated)
    vacate(this.host(from), seated.demand)
    occupy(this.host(to), seated.demand)
    this.kept.moved(seated, this.host(to).id)
    this.many[from] = this.machinesOn(from) - 1
    this.many[to] = this.machinesOn(to) + 1
    for (const at of [from, to]) this.settle(at)
  }

  loads(): Loads {
    const last = this.order.at(-1)
    return {
      largest: last === undefined ? 0 : this.loadAt(last),
      used: this.order.filter((at) => this.machinesOn(at) > 0).length,
    }
  }

  /** To its place in the order. */
  private settle(at: At): void {
    this.order.splice(this.find(at), 1)
    this.load[at] = loadOf(this.host(at))
    this.order.splice(this.find(at), 0, at)
  }

  /** Where it is, or belongs, by its load and number. */
  private find(at: At): number {
    let [low, high] = [0, this.order.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const other = this.order[middle] ?? 0
      if (this.loadAt(other) < this.loadAt(at) || (this.loadAt(other) === this.loadAt(at) && other < at))
        low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Rules on hosts alone look at no machine. */
const NOBODY: Demand = {
  id: '' as Demand['id'],
  size: { type: '', cores: 0, cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 },
  zone: null,
  avoid: [],
}

const share = (used: number, all: number): number => (all > 0 ? used / all : used > 0 ? Number.POSITIVE_INFINITY : 0)

const loadOf = ({ usable, free }: Candidate): number =>
  Math.max(
    share(usable.cpuHundredths - free.cpuHundredths, usable.cpuHundredths),
    share(usable.memoryMiB - free.memoryMiB, usable.memoryMiB),
  )
