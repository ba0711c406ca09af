/**
 * What bursts costs as little as can be: when machines of one plan go to providers, the plan is made again with the same machines in other
 * orders, those first that would cost most elsewhere for the room that they take here, and what then goes out is shared out among all types of
 * all providers at once. Of the plans in which nobody waits who had a place in the first one, the cheapest is taken. Pure.
 *
 * Machines whose owners rank providers themselves, and those in groups, keep their turn and their choice.
 */
import type { ComputeId, HostId } from '../../src/model/ids'
import { type Demand, FILTERS, type HostView, POLICIES, type Preference } from '../../src/model/placement'
import { isLarge } from '../../src/model/providers/offers'
import { ranksProviders } from '../../src/model/providers/ranks-providers'
import type { ProviderType } from '../../src/model/providers/record'
import { assign } from './flow'
import { isGrouped } from './groups'
import { type Hints, MOST_PLACED, type Plan, type Planning, place, placeInSteps, type Snapshot } from './place'

/** A type of one provider, as far as one may be taken now. */
interface Open {
  readonly host: HostView
  readonly type: ProviderType
  readonly left: number
}

/** Machines that ask for the same. */
interface Kind {
  readonly demand: Demand
  /** What each open type costs it; undefined: it cannot have it. */
  readonly prices: readonly (number | undefined)[]
  readonly cheapest: number
}

/** More of them in one plan are placed as they come. */
const MOST_KINDS = 40
const ROUNDS = 3
/** Swaps that are tried, fewer where there are many machines: of many, one more or less costs little. Each looks at all hosts once. */
const MOST_TRIES = 500
const EFFORT = 30_000

export function placeThriftily(snapshot: Snapshot, most = MOST_PLACED): Plan {
  const first = place(snapshot, most)
  if (first.isCut || first.placed.every(({ offer }) => offer === undefined)) return first
  const ground = groundOf(snapshot)
  if (ground === undefined) return first
  const search = new Search(snapshot, ground, most, first)
  search.share(snapshot.machines, first)
  if (ground.kinds.length > 1) {
    for (const weight of WEIGHTS) search.byWorth(weight)
    for (const weight of WEIGHTS) search.byPaid(weight)
    search.swap()
  }
  return search.best === first ? first : { ...search.best, left: inTurnOf(search.best.left, snapshot) }
}

/** The same step by step; in one, where a provider serves the site: what bursts is known at the end only. */
export function* placeThriftilyInSteps(snapshot: Snapshot, most = MOST_PLACED): Planning {
  if (snapshot.hosts.every(({ provider }) => provider === undefined)) return yield* placeInSteps(snapshot, most)
  const { placed, ...rest } = placeThriftily(snapshot, most)
  yield placed
  return rest
}

/** The best plan so far, and the order that it was made in. */
class Search {
  best: Plan
  private order: readonly Demand[]
  private readonly wanted: ReadonlySet<ComputeId>

  constructor(
    private readonly snapshot: Snapshot,
    private readonly ground: Ground,
    private readonly most: number,
    first: Plan,
  ) {
    this.best = first
    this.order = snapshot.machines
    this.wanted = new Set(first.placed.map(({ machine }) => machine))
  }

  /** All that leave in a plan are shared out at once; nothing else of it changes. */
  share(order: readonly Demand[], plan: Plan): Plan {
    this.consider(order, plan)
    const sharing = sharedOut(this.ground, plan)
    if (sharing.cost >= costOf(this.best)) return plan
    const after = place({ ...this.snapshot, machines: order }, this.most, sharing.hints)
    this.consider(order, after)
    return after
  }

  /** Those first that save most for what they take here: at first by their cheapest type, then by what the dearest of their kind costs. */
  byWorth(weight: (demand: Demand, ground: Ground) => number): void {
    let values = (kind: Kind): number => kind.cheapest
    for (let round = 0; round < ROUNDS; round += 1) {
      const order = inOrder(
        this.snapshot.machines,
        this.ground,
        (kind) => values(kind) / weight(kind.demand, this.ground),
      )
      const after = this.share(order, this.planned(order))
      const paid = dearest(after, this.ground)
      values = (kind) => paid.get(kind) ?? kind.cheapest
    }
  }

  /**
   * Those first that cost most elsewhere in the best plan for what they take here, one by one: of a kind that is cheap elsewhere as long as
   * there are cheap types, only those come first that had to take a dear one. Who stays is worth what the dearest of its kind costs.
   */
  byPaid(weight: (demand: Demand, ground: Ground) => number): void {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { best } = this
      const most = dearest(best, this.ground)
      const paid = new Map(
        best.placed.flatMap(({ machine, offer }) => (offer ? [[machine, offer.price] as const] : [])),
      )
      const order = inOrder(
        this.snapshot.machines,
        this.ground,
        (kind, id) => (paid.get(id) ?? most.get(kind) ?? kind.cheapest) / weight(kind.demand, this.ground),
      )
      this.share(order, this.planned(order))
      // The same plan makes the same order again.
      if (this.best === best) return
    }
  }

  /** Some that leave get the turns of others that stay, or one's turn comes first or last, again and again: the same ones for the same machines. */
  swap(): void {
    const draw = drawing()
    const effort = Math.max(this.order.length, this.snapshot.hosts.length)
    for (let tries = Math.min(MOST_TRIES, Math.floor(EFFORT / effort)); tries > 0; tries -= 1) {
      const away = new Set(this.best.placed.flatMap(({ machine, offer }) => (offer ? [machine] : [])))
      const how = draw(4)
      let order = how === 0 ? this.sent(away, 'first', draw) : how === 1 ? this.sent(away, 'last', draw) : this.order
      for (let pairs = how < 2 ? 0 : 1 + draw(3); pairs > 0; pairs -= 1) order = this.swapped(order, away, draw)
      if (draw(2) === 0) order = this.reranked(order, draw)
      if (order !== this.order) this.share(order, this.planned(order))
    }
  }

  /** One that leaves has its turn before all of its priority, or one that stays after them. */
  private sent(away: ReadonlySet<string>, to: 'first' | 'last', draw: Draw): readonly Demand[] {
    const movable = this.order.filter(({ id }) => this.ground.kindOf.has(id))
    const all = movable.filter(({ id }) => away.has(id) === (to === 'first'))
    const one = all[draw(all.length)]
    if (!one) return this.order
    const rest = movable.filter((machine) => machine !== one)
    const sorted = (to === 'first' ? [one, ...rest] : [...rest, one]).toSorted(byPriority)
    return refilled(this.order, this.ground, sorted)
  }

  /** One kind, of which nobody said how its hosts are chosen, chooses them in another way. */
  private reranked(order: readonly Demand[], draw: Draw): readonly Demand[] {
    const { kinds, kindOf } = this.ground
    const kind = kinds[draw(kinds.length)]
    const preference = RANKS[draw(RANKS.length)]
    if (kind === undefined || preference === undefined || kind.demand.preference !== undefined) return order
    return order.map((machine) => (kindOf.get(machine.id) === kind ? { ...machine, preference } : machine))
  }

  private swapped(order: readonly Demand[], away: ReadonlySet<string>, draw: Draw): readonly Demand[] {
    const turns = order.flatMap((machine, at) => (this.ground.kindOf.has(machine.id) ? [{ machine, at }] : []))
    const leaving = turns.filter(({ machine }) => away.has(machine.id))
    const one = leaving[draw(leaving.length)]
    if (!one) return order
    const staying = turns.filter(({ machine }) => !away.has(machine.id) && this.mayChange(machine, one.machine))
    const other = staying[draw(staying.length)]
    return other ? order.with(one.at, other.machine).with(other.at, one.machine) : order
  }

  /** Of another kind, and of the same priority. */
  private mayChange(a: Demand, b: Demand): boolean {
    return (
      (a.preference?.priority ?? 0) === (b.preference?.priority ?? 0) &&
      this.ground.kindOf.get(a.id) !== this.ground.kindOf.get(b.id)
    )
  }

  private planned(order: readonly Demand[]): Plan {
    return place({ ...this.snapshot, machines: order }, this.most)
  }

  /** Nobody waits for it who had a place. */
  private consider(order: readonly Demand[], plan: Plan): void {
    const isWhole = plan.placed.filter(({ machine }) => this.wanted.has(machine)).length === this.wanted.size
    if (!isWhole || costOf(plan) >= costOf(this.best)) return
    this.best = plan
    this.order = order
  }
}

/** How hosts may be chosen where nobody said how: the fullest, the one with the least memory or cores left, or the most. */
const RANKS = [
  POLICIES.packing.rank,
  'MEM_USAGE - MAX_MEM',
  'CPU_USAGE - MAX_CPU',
  'MAX_MEM - MEM_USAGE',
  POLICIES.striping.rank,
].map((rank): Preference => ({ requirements: [], shares: [{ rank, weight: 1 }], priority: 0 }))

type Draw = (below: number) => number

/** Whole numbers below a bound, the same ones each time. */
function drawing(): Draw {
  let state = 1
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % Math.max(1, below)
  }
}

interface Ground {
  readonly kinds: readonly Kind[]
  readonly kindOf: ReadonlyMap<ComputeId, Kind>
  readonly open: readonly Open[]
  /** What is free on hosts of the site's own. */
  readonly room: { readonly cpuHundredths: number; readonly memoryMiB: number }
}

/** Undefined: there is nothing to choose. */
function groundOf({ hosts, machines }: Snapshot): Ground | undefined {
  const open = hosts.flatMap((host) => openTypes(host))
  const kindOf = new Map<ComputeId, Kind>()
  const kinds = new Map<string, Kind>()
  for (const machine of machines) {
    if (isGrouped(machine) || ranksProviders(machine.preference)) continue
    const { id: _id, name: _name, ...asked } = machine
    const key = JSON.stringify(asked)
    const kind = kinds.get(key) ?? kindFor(machine, open)
    kinds.set(key, kind)
    kindOf.set(machine.id, kind)
    if (kinds.size > MOST_KINDS) return undefined
  }
  const own = hosts.filter(({ provider }) => provider === undefined)
  const sum = (of: 'cpuHundredths' | 'memoryMiB') => own.reduce((all, { free }) => all + Math.max(0, free[of]), 1)
  const room = { cpuHundredths: sum('cpuHundredths'), memoryMiB: sum('memoryMiB') }
  return kinds.size === 0 ? undefined : { kinds: [...kinds.values()], kindOf, open, room }
}

function openTypes(host: HostView): readonly Open[] {
  const { provider, free } = host
  if (provider === undefined) return []
  return provider.types.map((type) => {
    const paid =
      provider.money === null ? Number.POSITIVE_INFINITY : Math.floor(provider.money.left / Math.max(1, type.price))
    const byRoom = Math.min(free.cpuHundredths / (type.cores * 100), free.memoryMiB / type.memoryMiB)
    const left = Math.floor(Math.min(provider.left[type.name] ?? Number.POSITIVE_INFINITY, byRoom, paid))
    return { host, type, left: Math.max(0, Math.min(left, 1_000_000)) }
  })
}

function kindFor(demand: Demand, open: readonly Open[]): Kind {
  const admitted = new Map<HostView, boolean>()
  const admits = (host: HostView): boolean => {
    const known = admitted.get(host) ?? FILTERS.every((filter) => filter.admits(demand, host) === true)
    admitted.set(host, known)
    return known
  }
  const prices = open.map(({ host, type }) =>
    host.provider !== undefined && isLarge(demand.size, type, host.provider) && admits(host) ? type.price : undefined,
  )
  const cheapest = Math.min(...prices.filter((price) => price !== undefined))
  return { demand, prices, cheapest }
}

/** How much of the room here one takes: by the dearer half of what it asks, by cores, by memory. */
const WEIGHTS: readonly ((demand: Demand, ground: Ground) => number)[] = [
  ({ size }, { room }) => Math.max(size.cpuHundredths / room.cpuHundredths, size.memoryMiB / room.memoryMiB),
  ({ size }) => size.cpuHundredths,
  ({ size }) => size.memoryMiB,
]

/** Within one priority, those first that save most for what they take here; of two that save the same, the larger. */
function inOrder(
  machines: readonly Demand[],
  { kindOf }: Ground,
  worth: (kind: Kind, id: ComputeId) => number,
): readonly Demand[] {
  const movable = machines.filter(({ id }) => kindOf.has(id))
  const rank = ({ id }: Demand): number => {
    const kind = kindOf.get(id)
    return kind === undefined ? 0 : worth(kind, id)
  }
  const sorted = movable.toSorted(
    (a, b) =>
      byPriority(a, b) ||
      difference(rank(b), rank(a)) ||
      b.size.cpuHundredths - a.size.cpuHundredths ||
      b.size.memoryMiB - a.size.memoryMiB,
  )
  return refilled(machines, { kindOf }, sorted)
}

const byPriority = (a: Demand, b: Demand): number => (b.preference?.priority ?? 0) - (a.preference?.priority ?? 0)

/** The turns of all that may change theirs, given to them in another order. */
function refilled(
  machines: readonly Demand[],
  { kindOf }: Pick<Ground, 'kindOf'>,
  sorted: readonly Demand[],
): readonly Demand[] {
  let next = 0
  return machines.map((machine) => (kindOf.has(machine.id) ? (sorted[next++] ?? machine) : machine))
}

const difference = (a: number, b: number): number => (a === b ? 0 : a - b)

interface Sharing {
  readonly hints: Hints
  /** Of all that leave, where the hints can be taken. */
  readonly cost: number
}

/** The same machines stay here as in a plan, and those that leave are shared out at once. */
function sharedOut({ kindOf, open }: Ground, { placed }: Plan): Sharing {
  const leaving = new Map<Kind, ComputeId[]>()
  let cost = 0
  for (const { machine, offer } of placed) {
    const kind = kindOf.get(machine)
    if (kind && offer) leaving.set(kind, [...(leaving.get(kind) ?? []), machine])
    else cost += offer?.price ?? 0
  }
  const kinds = [...leaving.keys()]
  const given = assign({
    counts: kinds.map((kind) => leaving.get(kind)?.length ?? 0),
    left: open.map(({ left }) => left),
    price: (kind, offer) => kinds[kind]?.prices[offer],
  })
  const hints = new Map<ComputeId, { host: HostId; type: ProviderType }>()
  kinds.forEach((kind, row) => {
    const ids = [...(leaving.get(kind) ?? [])]
    open.forEach(({ host, type }, at) => {
      for (const id of ids.splice(0, given[row]?.[at] ?? 0)) {
        hints.set(id, { host: host.id, type })
        cost += type.price
      }
    })
  })
  return { hints, cost }
}

const costOf = ({ placed }: Plan): number => placed.reduce((sum, { offer }) => sum + (offer?.price ?? 0), 0)

function dearest({ placed }: Plan, { kindOf }: Ground): ReadonlyMap<Kind, number> {
  const paid = new Map<Kind, number>()
  for (const { machine, offer } of placed) {
    const kind = kindOf.get(machine)
    if (kind && offer) paid.set(kind, Math.max(paid.get(kind) ?? 0, offer.price))
  }
  return paid
}

/** Those that are left have their turn as they had it. */
function inTurnOf(left: Plan['left'], { machines }: Snapshot): Plan['left'] {
  const turns = new Map(machines.map(({ id }, at) => [id, at]))
  return left.toSorted((a, b) => (turns.get(a.machine) ?? 0) - (turns.get(b.machine) ?? 0))
}
