/**
 * What an order says of where its machine is to be. Given by its owner, by its type, or by the site: each part counts where nobody
 * before has said it, but requirements of all of them hold together, so that none can widen what another narrowed.
 */
import {
  formatProblem,
  isProblem,
  type Mode,
  type Problem,
  parseRank,
  parseRequirements,
  type Rank,
  type Requirements,
} from './expressions'
import { isPolicy, POLICIES, POLICY_NAMES, type Share } from './policies'

export interface PlacementWish {
  readonly requirements?: string
  /** Which language the requirements are in; absent: `native`. */
  readonly mode?: Mode
  readonly rank?: string
  /** `packing`, or several with weights: `packing=2,load-aware=1`. Not beside a rank. */
  readonly policy?: string
  /** Those with more come first; absent: 0. */
  readonly priority?: number
}

export const PRIORITY_RANGE = { least: -100, most: 100 } as const
const LARGEST_WEIGHT = 1000

export interface WrongWish {
  readonly field: keyof PlacementWish
  readonly message: string
}

/** A control character, but for tabs and ends of lines, which are blanks here: quoted, it would act on the terminal of whoever reads the expression. */
const CONTROL = /(?![\t\r\n])\p{Cc}/u

/** What is wrong with it; undefined: nothing. */
export function wrongIn({ requirements, mode, rank, policy, priority }: PlacementWish): WrongWish | undefined {
  if (requirements !== undefined) {
    if (CONTROL.test(requirements)) return { field: 'requirements', message: 'control characters have no meaning here' }
    const parsed = parseRequirements(requirements, mode)
    if (isProblem(parsed)) return { field: 'requirements', message: formatProblem(parsed) }
  }
  if (rank !== undefined) {
    const parsed = parseRank(rank)
    if (isProblem(parsed)) return { field: 'rank', message: formatProblem(parsed) }
    if (policy !== undefined) return { field: 'policy', message: 'either a rank or a policy can be given' }
  }
  if (policy !== undefined && sharesOf(policy) === undefined)
    return { field: 'policy', message: `${POLICY_NAMES.join(', ')}, or several with weights: packing=2,load-aware=1` }
  const { least, most } = PRIORITY_RANGE
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= least && priority <= most))
    return { field: 'priority', message: `a whole number from ${least} to ${most}` }
  return undefined
}

/** `packing=2,load-aware` as shares; undefined when it is malformed. */
export function sharesOf(policy: string): readonly Share[] | undefined {
  const shares = policy.split(',').map((part): Share | undefined => {
    const [name = '', weight = '1', ...more] = part.trim().split('=')
    const number = /^\d{1,4}(?:\.\d{1,3})?$/.test(weight) ? Number(weight) : 0
    if (!isPolicy(name) || more.length > 0 || number <= 0 || number > LARGEST_WEIGHT) return undefined
    return { rank: POLICIES[name].rank, weight: number }
  })
  return shares.every((share) => share !== undefined) ? shares : undefined
}

/** What counts, of several wishes in the order of precedence. */
export interface Preference {
  /** All of them must hold. */
  readonly requirements: readonly { readonly text: string; readonly mode: Mode }[]
  readonly shares: readonly Share[]
  readonly priority: number
}

const STRIPING: readonly Share[] = [{ rank: POLICIES.striping.rank, weight: 1 }]

const KNOWN = 1000
const knownPreferences = new Map<string, Preference>()

/** One value for all who say the same: a queue has thousands of machines that ask for few things. */
export function preferenceOf(wishes: readonly (PlacementWish | undefined)[]): Preference {
  const key = JSON.stringify(wishes)
  const known = knownPreferences.get(key)
  if (known) return known
  const preference = preferenceIn(wishes)
  if (knownPreferences.size >= KNOWN) knownPreferences.clear()
  knownPreferences.set(key, preference)
  return preference
}

function preferenceIn(wishes: readonly (PlacementWish | undefined)[]): Preference {
  const given = wishes.filter((wish) => wish !== undefined)
  const chooses = given.find((wish) => wish.rank !== undefined || wish.policy !== undefined)
  const shares = chooses?.rank === undefined ? sharesOf(chooses?.policy ?? '') : [{ rank: chooses.rank, weight: 1 }]
  return {
    requirements: given.flatMap(({ requirements, mode }) =>
      requirements === undefined || requirements.trim() === '' ? [] : [{ text: requirements, mode: mode ?? 'native' }],
    ),
    shares: shares ?? STRIPING,
    priority: given.find((wish) => wish.priority !== undefined)?.priority ?? 0,
  }
}

const knownRequirements = new Map<string, Requirements>()
const knownRanks = new Map<string, Rank>()

/** Read once for each text. Null for what is no expression: it was checked when it was ordered, by whatever version that was. */
export const compiledRequirements = ({ text, mode }: Preference['requirements'][number]): Requirements | null =>
  known<Requirements>(knownRequirements, `${mode} ${text}`, () => parseRequirements(text, mode))

export const compiledRank = ({ rank }: Share): Rank | null => known<Rank>(knownRanks, rank, () => parseRank(rank))

function known<T extends object>(cache: Map<string, T>, key: string, parse: () => T | Problem): T | null {
  const found = cache.get(key)
  if (found) return found
  const parsed = parse()
  if (isProblem(parsed)) return null
  if (cache.size >= KNOWN) cache.clear()
  cache.set(key, parsed)
  return parsed
}
