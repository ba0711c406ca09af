/**
 * A month's machines at a partner by both sides' books: pure. What is compared is one machine of ours with what its order became there; both
 * may have had it in pieces that follow each other without a gap (another host, another size), which are one stay.
 *
 * The two books cannot agree by themselves: ours begin when we choose the partner and end when we see that the machine is gone, theirs
 * when it has its place there and when that is given up. The lender's clock has the word, for it is the one who lends: where the ends of a
 * stay are no further apart than the way between the two explains (`withinSeconds`), its times are taken over, and both books say the same
 * to the second. What is further apart is told, and left to people.
 */
import { HOUR_SECONDS } from '../durations'
import { type Money, priced } from './prices'
import { type Span, secondsIn, type Use } from './use'

/** One use, as the gateway that lends tells it to the partner whose machine it was. */
export interface StatedUse {
  /** The machine's record where its owner ordered it; null: its order did not say. */
  readonly order: string | null
  /** `i-…`, as it is called there. */
  readonly name: string
  /** Instance type there. */
  readonly type: string
  /** ms. */
  readonly from: number
  readonly until: number | null
  /** Millionths for an hour; null: none was agreed. */
  readonly price: number | null
}

/** All uses of a partner that overlap a month. */
export interface Statement {
  /** Up to then, ms. */
  readonly at: number
  /** Of the prices. */
  readonly currency: string
  readonly uses: readonly StatedUse[]
}

/** A use of ours as it was counted, and as it is told (with times that were taken over before). */
export interface OwnUse {
  readonly counted: Use
  readonly told: Use
}

/** A time of theirs that stands in the place of ours from now on. */
export interface TakenTime {
  readonly use: Use
  readonly end: 'from' | 'until'
  readonly at: number
}

interface Side {
  readonly seconds: number
  /** null: there is no price, or nothing. */
  readonly cost: Money | null
}

export interface Difference {
  /** `i-…` here; where it is not known here, as it is called there. */
  readonly machine: string
  readonly what: 'differs' | 'only here' | 'only there' | 'goes on here' | 'goes on there'
  readonly here: Side
  readonly there: Side
}

interface Reconciled {
  /** Stays that agree to the second, with those whose times are taken over. */
  readonly agreed: number
  readonly seconds: number
  readonly taken: readonly TakenTime[]
  /** By so many seconds ours become more by what is taken over; less than nothing: fewer. */
  readonly shifted: number
  readonly differences: readonly Difference[]
}

interface Terms {
  readonly span: Span
  readonly withinSeconds: number
}

/** One of a machine's times there, by one side's books. */
interface Stay<Piece> {
  readonly from: number
  readonly until: number | null
  readonly pieces: readonly Piece[]
}
type Ours = Stay<OwnUse>
type Theirs = Stay<StatedUse>

export function reconcile(ours: readonly OwnUse[], statement: Statement, terms: Terms): Reconciled {
  const own = grouped(ours, ({ told }) => told.id)
  const stated = grouped(statement.uses, ({ order, name }) => order ?? `- ${name}`)
  const result = { agreed: 0, seconds: 0, shifted: 0, taken: [] as TakenTime[], differences: [] as Difference[] }
  for (const machine of new Set([...own.keys(), ...stated.keys()])) {
    const here = staysOf(own.get(machine) ?? [], ({ told }) => told)
    const there = staysOf(stated.get(machine) ?? [], (use) => use)
    for (const pair of paired(here, there)) {
      const taken = takenOver(pair, terms)
      const difference = taken === undefined ? differenceOf(pair, statement, terms) : undefined
      if (difference !== undefined) {
        // What is outside the month on both sides is another month's to tell.
        if (difference.here.seconds + difference.there.seconds > 0) result.differences.push(difference)
        continue
      }
      const seconds = ({ from, until } = NOWHERE) => secondsIn({ from, until }, terms.span, statement.at)
      result.agreed += 1
      result.seconds += seconds(pair.theirs)
      result.shifted += seconds(pair.theirs) - seconds(pair.ours)
      result.taken.push(...(taken ?? []))
    }
  }
  return result
}

interface Pair {
  readonly ours: Ours | undefined
  readonly theirs: Theirs | undefined
}

const NOWHERE: Pick<Use, 'from' | 'until'> = { from: 0, until: 0 }
const whole = (ms: number): number => Math.floor(ms / 1000)

/** Times that have to be taken over so that both agree; none: they do. Undefined: they are too far apart. */
function takenOver({ ours, theirs }: Pair, { withinSeconds }: Terms): readonly TakenTime[] | undefined {
  const [first, last] = [ours?.pieces[0], ours?.pieces.at(-1)]
  if (ours === undefined || theirs === undefined || first === undefined || last === undefined) return undefined
  if ((ours.until === null) !== (theirs.until === null)) return undefined
  const ends = [
    { use: first.counted, end: 'from', ours: ours.from, at: theirs.from },
    { use: last.counted, end: 'until', ours: ours.until ?? 0, at: theirs.until ?? 0 },
  ] as const
  const apart = ends.filter((one) => whole(one.ours) !== whole(one.at))
  if (apart.some((one) => Math.abs(whole(one.ours) - whole(one.at)) > withinSeconds)) return undefined
  return apart.map(({ use, end, at }) => ({ use, end, at }))
}

function differenceOf({ ours, theirs }: Pair, { at, currency }: Statement, { span }: Terms): Difference {
  const told = (ours?.pieces ?? []).map((piece) => piece.told)
  return {
    machine: told[0]?.name ?? theirs?.pieces[0]?.name ?? '',
    what: whatDiffers(ours, theirs),
    here: sideOf(told, (use) => use.offer?.price ?? null, told[0]?.offer?.currency ?? 'USD', { at, span }),
    there: sideOf(theirs?.pieces ?? [], (use) => use.price, currency, { at, span }),
  }
}

function whatDiffers(ours: Ours | undefined, theirs: Theirs | undefined): Difference['what'] {
  if (ours === undefined) return 'only there'
  if (theirs === undefined) return 'only here'
  if ((ours.until === null) === (theirs.until === null)) return 'differs'
  return ours.until === null ? 'goes on here' : 'goes on there'
}

function sideOf<U extends Pick<Use, 'from' | 'until'>>(
  uses: readonly U[],
  price: (use: U) => number | null,
  currency: string,
  { at, span }: { readonly at: number; readonly span: Span },
): Side {
  const book = { currency }
  const parts = uses.map((use) => {
    const seconds = secondsIn(use, span, at)
    return { seconds, cost: priced(book, price(use), seconds / HOUR_SECONDS) }
  })
  const costs = parts.flatMap(({ cost }) => cost ?? [])
  return {
    seconds: parts.reduce((sum, { seconds }) => sum + seconds, 0),
    cost: costs.length === 0 ? null : { amount: costs.reduce((sum, { amount }) => sum + amount, 0), currency },
  }
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const key = keyOf(one)
    const known = groups.get(key)
    if (known) known.push(one)
    else groups.set(key, [one])
  }
  return groups
}

/** Pieces that follow each other to the second are one stay. */
function staysOf<T>(pieces: readonly T[], spanOf: (piece: T) => Pick<Use, 'from' | 'until'>): readonly Stay<T>[] {
  const stays: Stay<T>[] = []
  for (const piece of pieces.toSorted((a, b) => spanOf(a).from - spanOf(b).from)) {
    const { from, until } = spanOf(piece)
    const before = stays.at(-1)
    if (before?.until != null && whole(before.until) === whole(from))
      stays[stays.length - 1] = { ...before, until, pieces: [...before.pieces, piece] }
    else stays.push({ from, until, pieces: [piece] })
  }
  return stays
}

/** Those that overlap belong together; what the other side has nothing of is alone. Both in the order of their begins. */
function paired(ours: readonly Ours[], theirs: readonly Theirs[]): readonly Pair[] {
  const pairs: Pair[] = []
  for (let mine = 0, yours = 0; mine < ours.length || yours < theirs.length; ) {
    const [a, b] = [ours[mine], theirs[yours]]
    if (a && b && overlap(a, b)) {
      pairs.push({ ours: a, theirs: b })
      mine += 1
      yours += 1
    } else if (b === undefined || (a !== undefined && a.from < b.from)) {
      pairs.push({ ours: a, theirs: undefined })
      mine += 1
    } else {
      pairs.push({ ours: undefined, theirs: b })
      yours += 1
    }
  }
  return pairs
}

const overlap = (a: Stay<unknown>, b: Stay<unknown>): boolean =>
  a.from <= (b.until ?? Number.POSITIVE_INFINITY) && b.from <= (a.until ?? Number.POSITIVE_INFINITY)
