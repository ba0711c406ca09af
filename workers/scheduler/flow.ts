/**
 * The cheapest way to give so many of each kind what there is so many of: successive shortest paths (Busacker and Gowen). Pure; small
 * whole numbers of kinds and of offers, whatever the counts.
 */
export interface Assignment {
  /** How many of each kind. */
  readonly counts: readonly number[]
  /** How many there are of each offer. */
  readonly left: readonly number[]
  /** Price of an offer for a kind; undefined: it cannot have it. */
  readonly price: (kind: number, offer: number) => number | undefined
}

/** By kind and offer, how many: as many as can be in all, and of these ways a cheapest. */
export function assign({ counts, left, price }: Assignment): readonly (readonly number[])[] {
  const given = counts.map(() => left.map(() => 0))
  const waiting = [...counts]
  const free = [...left]
  for (;;) {
    const path = cheapestPath(given, waiting, free, price)
    if (path === undefined) return given
    const [first] = path
    const last = path.at(-1)
    if (first === undefined || last === undefined) return given
    // As many at once as the path lets through.
    const back = path.slice(1).map(({ kind }, at) => given[kind]?.[path[at]?.offer ?? 0] ?? 0)
    const many = Math.min(waiting[first.kind] ?? 0, free[last.offer] ?? 0, ...back)
    path.forEach(({ kind, offer }, at) => {
      add(given, kind, offer, many)
      const next = path[at + 1]
      // Who had this one takes the next.
      if (next) add(given, next.kind, offer, -many)
    })
    waiting[first.kind] = (waiting[first.kind] ?? 0) - many
    free[last.offer] = (free[last.offer] ?? 0) - many
  }
}

interface Hop {
  readonly kind: number
  readonly offer: number
}

function add(given: number[][], kind: number, offer: number, many: number): void {
  const row = given[kind]
  if (row) row[offer] = (row[offer] ?? 0) + many
}

/** From a kind that waits to an offer that is left, through those who would take another one: Bellman and Ford, for prices fall on the way back. */
function cheapestPath(
  given: readonly (readonly number[])[],
  waiting: readonly number[],
  free: readonly number[],
  price: Assignment['price'],
): readonly Hop[] | undefined {
  const offers = free.map(() => ({ cost: Number.POSITIVE_INFINITY, by: -1, from: -1 }))
  /** Of a kind: what it costs to have one more of it waiting, and whose offer it gave up for that. */
  const kinds = waiting.map((many) => ({ cost: many > 0 ? 0 : Number.POSITIVE_INFINITY, gave: -1 }))
  for (let changed = true; changed; ) {
    changed = false
    kinds.forEach(({ cost, gave }, kind) => {
      if (cost === Number.POSITIVE_INFINITY) return
      offers.forEach((offer, at) => {
        const its = price(kind, at)
        if (its === undefined || cost + its >= offer.cost - 1e-9) return
        offers[at] = { cost: cost + its, by: kind, from: gave }
        changed = true
      })
    })
    offers.forEach(({ cost }, at) => {
      if (cost === Number.POSITIVE_INFINITY) return
      kinds.forEach((kind, other) => {
        const its = price(other, at)
        if (its === undefined || (given[other]?.[at] ?? 0) === 0 || cost - its >= kind.cost - 1e-9) return
        kinds[other] = { cost: cost - its, gave: at }
        changed = true
      })
    })
  }
  const [end] = offers
    .map(({ cost }, at) => ({ cost, at }))
    .filter(({ cost, at }) => (free[at] ?? 0) > 0 && cost < Number.POSITIVE_INFINITY)
    .toSorted((a, b) => a.cost - b.cost)
  if (!end) return undefined
  const path: Hop[] = []
  for (let at = end.at; at >= 0 && path.length <= offers.length; at = offers[at]?.from ?? -1)
    path.unshift({ kind: offers[at]?.by ?? 0, offer: at })
  return path
}
