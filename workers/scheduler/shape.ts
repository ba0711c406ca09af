/**
 * Machines that ask for the same have one ranking of the hosts between them, kept up to date: whenever it is their turn, the hosts
 * that changed since their last turn are looked at, and no others. One that may only have become worse stays where it is until it
 * comes to the top: what stands before it is never worse than it was. Where a placement can make no host better, which most ranks
 * say by themselves, not even those are looked at. What of a rule cannot change while a plan is made is asked once for each host.
 */
import { MILLIONTHS } from '../../src/model/accounts'
import {
  compiledRank,
  compiledRequirements,
  type Demand,
  directionOf,
  isMoving,
  type Share,
} from '../../src/model/placement'
import {
  type Admits,
  bindRequirements,
  namesIn,
  type Rank,
  type RankColumns,
  rankColumns,
} from '../../src/model/placement/expressions'
import { priceAt } from '../../src/model/providers/offers'
import { ranksProviders } from '../../src/model/providers/ranks-providers'
import { BestFirst } from './best-first'
import { MOVING, type Table } from './table'

/** Of what is no expression. */
const NO_RANK: Rank = { text: '', tree: { is: 'number', value: 0 } }

const STRIPING: readonly Share[] = [{ rank: '- RUNNING_VMS', weight: 1 }]

/** Of a provider, to which what is asked for does not speak: the cheapest first, in whole millionths, behind every local host. */
const BEHIND_ALL_LOCAL = -1e15

export class Shape {
  private readonly ranked: BestFirst
  /** Hosts that no settled rule refuses. */
  private readonly open: Uint8Array
  /** Requirements that a placement may make true or false. */
  private readonly moving: readonly Admits[]
  private readonly rank: (at: number) => number
  /** Local hosts come first, unless what its owner asks speaks of providers. */
  private readonly isLocalFirst: boolean
  /** The state in which each host got its rank. */
  private readonly known: Int32Array
  /** Hosts that may have become better, in the order in which they changed: the table's own list, which grows. */
  private readonly news: readonly number[]
  /** How many of these it knows. */
  private caughtUp: number

  constructor(
    private readonly demand: Demand,
    private readonly table: Table,
  ) {
    this.isLocalFirst = !ranksProviders(demand.preference)
    this.open = table.openTo(demand)
    this.moving = this.settle(demand.preference?.requirements ?? [])
    const fitting = this.fitting()
    const { of, all } = this.rankBy(demand.preference?.shares ?? STRIPING, fitting)
    this.rank = of
    this.ranked = new BestFirst(table.hosts.length)
    const ranks = all()
    // A cheap type that is used up makes COST rise.
    let mayGain = hostsMayGain(demand) || !this.isLocalFirst
    this.ranked.fill(fitting, (at) => {
      const rank = this.rankOf(at, ranks[at])
      // A rank beyond every number comes last, and comes back to the numbers as it falls.
      if (rank === Number.NEGATIVE_INFINITY) mayGain = true
      return rank
    })
    this.known = table.versions.slice()
    this.news = mayGain ? table.changed : table.freed
    this.caughtUp = this.news.length
  }

  /** The best host that fits now; undefined: there is none. */
  best(): number | undefined {
    this.catchUp()
    let top = this.ranked.top()
    while (top !== undefined && this.known[top] !== this.table.versions[top]) {
      this.rankAnew(top)
      top = this.ranked.top()
    }
    return top
  }

  /** It is not to be the best any more, whatever changes: a group's rule refuses it. */
  close(at: number): void {
    this.open[at] = 0
    this.ranked.remove(at)
  }

  /** What a host ranks as now; undefined where it does not fit, or was closed. */
  rankAt(at: number): number | undefined {
    return this.open[at] === 1 && this.fits(at) ? this.rankOf(at) : undefined
  }

  private readonly place = (name: string): number =>
    this.table.place(name, this.demand.project ?? null, this.demand.size)

  private catchUp(): void {
    for (; this.caughtUp < this.news.length; this.caughtUp += 1) this.consider(this.news[this.caughtUp] ?? 0)
  }

  /** A host changed. One that changed several times since is looked at once. */
  private consider(at: number): void {
    if (this.open[at] !== 1 || this.known[at] === this.table.versions[at]) return
    const former = this.ranked.rankOf(at)
    const rank = this.rankOf(at)
    if (former === undefined || rank > former) this.rankAnew(at, rank)
  }

  /** Open hosts that fit now. */
  private fitting(): Int32Array {
    const roomy = this.table.withRoom(this.open, this.demand.size)
    return this.moving.length === 0 && this.table.guards === 'none' ? roomy : roomy.filter((at) => this.fits(at))
  }

  private rankAnew(at: number, rank = this.rankOf(at)): void {
    this.known[at] = this.table.versions[at] ?? 0
    if (this.fits(at)) this.ranked.set(at, rank)
    else this.ranked.remove(at)
  }

  /** Closes what does not meet the requirements that stay as they are; the others. */
  private settle(asked: NonNullable<Demand['preference']>['requirements']): readonly Admits[] {
    const moving: Admits[] = []
    for (const one of asked) {
      const requirements = compiledRequirements(one)
      const admits = requirements ? bindRequirements(requirements, this.place) : () => false
      if (requirements && [...namesIn(requirements.tree)].some(this.table.moves)) moving.push(admits)
      else
        for (let at = 0; at < this.open.length; at += 1)
          if (this.open[at] === 1 && !admits(this.table.rows[at] ?? [])) this.open[at] = 0
    }
    return moving
  }

  private fits(at: number): boolean {
    const { table, demand } = this
    return (
      table.hasRoom(at, demand.size) &&
      (this.moving.length === 0 || this.moving.every((admits) => admits(table.rows[at] ?? []))) &&
      table.letsIn(at, demand)
    )
  }

  /** `rank`: what expressions make of it. */
  private rankOf(at: number, rank = this.rank(at)): number {
    // Looking at thousands of hosts for what none of them is costs more than their ranks.
    const provider = this.isLocalFirst && this.table.providers === 'some' ? this.table.hosts[at]?.provider : undefined
    if (provider) return BEHIND_ALL_LOCAL - Math.round((priceAt(provider, this.demand.size) ?? 0) * MILLIONTHS)
    return Number.isNaN(rank) ? Number.NEGATIVE_INFINITY : rank
  }

  /** One rank as it is; several, each divided by its largest value at the start among the hosts that fit. */
  private rankBy(shares: readonly Share[], fitting: Int32Array): RankColumns {
    const { table, demand } = this
    const columns = (name: string): Float32Array => table.figures(name, demand.project ?? null, demand.size)
    const ranks = shares.map((share) => {
      return rankColumns(compiledRank(share) ?? NO_RANK, columns, table.hosts.length)
    })
    const [only] = ranks
    if (only && ranks.length === 1) return only
    const weights = ranks.map(({ of }, index) => {
      const largest = fitting.reduce((most, at) => Math.max(most, Math.abs(of(at)) || 0), 0)
      return largest === 0 ? 0 : (shares[index]?.weight ?? 0) / largest
    })
    const of = (at: number): number => ranks.reduce((sum, rank, index) => sum + rank.of(at) * (weights[index] ?? 0), 0)
    return { of, all: () => Float64Array.from(table.hosts, (_host, at) => of(at)) }
  }
}

/** Whether a placement may make a host better for such a machine, or let one take it that could not before. */
function hostsMayGain({ preference }: Demand): boolean {
  const isSettled = (preference?.requirements ?? []).every((asked) => {
    const requirements = compiledRequirements(asked)
    return requirements === null || ![...namesIn(requirements.tree)].some(isMoving)
  })
  const onlyFalls = (preference?.shares ?? STRIPING).every((share) => {
    const rank = compiledRank(share)
    const direction = rank === null ? 'stays' : directionOf(rank.tree)
    return (direction === 'stays' || direction === 'falls') && share.weight >= 0
  })
  return !isSettled || !onlyFalls || MOVING.some(({ narrows }) => narrows !== true)
}
