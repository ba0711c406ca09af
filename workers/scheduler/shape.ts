/**
 * Machines that ask for the same have one ranking of the hosts between them, kept up to date: whenever it is their turn, the hosts
 * that changed since their last turn are ranked anew, and no others. What of a rule cannot change while a plan is made is asked
 * once for each host.
 */
import { compiledRank, compiledRequirements, type Demand, FILTERS, type Share } from '../../src/model/placement'
import { type Admits, bindRank, bindRequirements, type Ranks } from '../../src/model/placement/expressions'
import { ROOM_FILTERS } from '../../src/model/placement/filters'
import { meetsRequirements } from '../../src/model/placement/filters/meets-requirements'
import { priceAt } from '../../src/model/providers/offers'
import { ranksProviders } from '../../src/model/providers/ranks-providers'
import { BestFirst } from './best-first'
import type { Table } from './table'

/** Those that are neither settled for good, nor told by figures, nor bound to the table's rows. */
const MOVING = FILTERS.filter(
  (filter) => filter.reads === undefined && filter !== meetsRequirements && !ROOM_FILTERS.includes(filter),
)

const STRIPING: readonly Share[] = [{ rank: '- RUNNING_VMS', weight: 1 }]

/** Of a provider, to which what is asked for does not speak: the cheapest first, behind every local host. */
const BEHIND_ALL_LOCAL = -1e15
/** Prices as whole numbers: beside so large a one smaller parts are lost. */
const MILLION = 1e6

export class Shape {
  private readonly ranked: BestFirst
  /** Hosts that no settled rule refuses. */
  private readonly open: Uint8Array
  private readonly requirements: readonly Admits[]
  private readonly rank: Ranks
  /** Local hosts come first, unless what its owner asks speaks of providers. */
  private readonly isLocalFirst: boolean
  /** The state of each host that was ranked. */
  private readonly known: Int32Array
  /** How many of the table's changes it knows. */
  private caughtUp: number

  constructor(
    private readonly demand: Demand,
    private readonly table: Table,
  ) {
    this.requirements = (demand.preference?.requirements ?? []).map((asked) => {
      const requirements = compiledRequirements(asked)
      return requirements ? bindRequirements(requirements, this.place) : () => false
    })
    this.isLocalFirst = !ranksProviders(demand.preference)
    const fitting: number[] = []
    this.open = table.openTo(demand)
    for (let at = 0; at < table.hosts.length; at += 1) if (this.open[at] === 1 && this.fits(at)) fitting.push(at)
    this.rank = this.rankBy(demand.preference?.shares ?? STRIPING, fitting)
    this.ranked = new BestFirst(table.hosts.length)
    this.ranked.fill(fitting, (at) => this.rankOf(at))
    this.known = table.versions.slice()
    this.caughtUp = table.changed.length
  }

  /** The best host that fits now; undefined: there is none. */
  best(): number | undefined {
    const { changed } = this.table
    for (; this.caughtUp < changed.length; this.caughtUp += 1) this.consider(changed[this.caughtUp] ?? 0)
    return this.ranked.top()
  }

  private readonly place = (name: string): number =>
    this.table.place(name, this.demand.project ?? null, this.demand.size)

  private consider(at: number): void {
    const version = this.table.versions[at] ?? 0
    if (this.open[at] !== 1 || this.known[at] === version) return
    this.known[at] = version
    if (this.fits(at)) this.ranked.set(at, this.rankOf(at))
    else this.ranked.remove(at)
  }

  private fits(at: number): boolean {
    const host = this.table.hosts[at]
    const row = this.table.rows[at]
    if (!host || !row) return false
    const { size } = this.demand
    const { free } = host
    if (free.cpuHundredths < size.cpuHundredths || free.memoryMiB < size.memoryMiB || free.diskGiB < size.diskGiB)
      return false
    return (
      this.requirements.every((admits) => admits(row)) &&
      MOVING.every((filter) => filter.admits(this.demand, host) === true)
    )
  }

  private rankOf(at: number): number {
    const provider = this.isLocalFirst ? this.table.hosts[at]?.provider : undefined
    if (provider) return BEHIND_ALL_LOCAL - Math.round((priceAt(provider, this.demand.size) ?? 0) * MILLION)
    const rank = this.rank(this.table.rows[at] ?? [])
    return Number.isNaN(rank) ? Number.NEGATIVE_INFINITY : rank
  }

  /** One rank as it is; several, each divided by its largest value at the start among the hosts that fit. */
  private rankBy(shares: readonly Share[], fitting: readonly number[]): Ranks {
    const ranks = shares.map((share) => {
      const rank = compiledRank(share)
      return rank ? bindRank(rank, this.place) : () => 0
    })
    const [only] = ranks
    if (only && ranks.length === 1) return only
    const rows = fitting.map((at) => this.table.rows[at] ?? [])
    const weights = ranks.map((rank, index) => {
      const largest = rows.reduce((most, row) => Math.max(most, Math.abs(rank(row)) || 0), 0)
      return largest === 0 ? 0 : (shares[index]?.weight ?? 0) / largest
    })
    return (row) => ranks.reduce((sum, rank, index) => sum + rank(row) * (weights[index] ?? 0), 0)
  }
}
