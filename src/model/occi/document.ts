/**
 * What a request says, whichever rendering it came in: categories, attributes, links and locations, not yet held against the
 * model. Parsers only find out what was written; whether it makes sense is decided in requests/.
 */
import { type Fault, fault } from '../../faults'

/** Where something was written: in text a line and column, in JSON a path of keys. */
export interface Where {
  readonly field: string
  readonly line?: number
  readonly column?: number
}

export interface CategoryInput {
  /** scheme + term */
  readonly id: string
  readonly class: 'kind' | 'mixin' | 'action' | null
  readonly where: Where
  /** What a full rendering says beside: a mixin that a user makes. */
  readonly told?: ToldCategory
}

/** Of a category's full rendering (GFD.229 §4.3, GFD.226 §5.4). */
export interface ToldCategory {
  readonly title?: string
  readonly location?: string
  /** In text the one `rel`, in JSON all of `depends`. */
  readonly depends?: readonly string[]
  readonly applies?: readonly string[]
  /** Names of attributes and actions that it would define. */
  readonly defines?: readonly string[]
}

export interface AttributeInput {
  readonly name: string
  /** Text gives strings, numbers and booleans; JSON whatever was there. */
  readonly value: unknown
  readonly where: Where
}

export interface LinkInput {
  readonly target: string
  /** Kind and mixins of the target; an action's identifier in an action reference. */
  readonly rel: readonly string[]
  /** Kind and mixins of the link itself; none given: []. */
  readonly category: readonly string[]
  readonly attributes: readonly AttributeInput[]
  readonly where: Where
  /** Its own location or id: what the server chose, of a link that is there. */
  readonly self?: string
}

export interface Document {
  readonly categories: readonly CategoryInput[]
  readonly attributes: readonly AttributeInput[]
  readonly links: readonly LinkInput[]
  readonly locations: readonly string[]
  /** Several entities in one JSON collection; then nothing is said beside them. */
  readonly entities?: readonly Document[]
}

export const NOTHING: Document = { categories: [], attributes: [], links: [], locations: [] }

/** Most values of one sort in a request. */
export const MOST_VALUES = 1000
/** Longest text of a value, in characters: user data of 16 KiB in base64 fits. */
export const LONGEST_VALUE = 32 * 1024

/** Throws 'too-large' when there is too much of anything, in an entity of a collection too. */
export function withinLimits(document: Document): Document {
  for (const sort of ['categories', 'attributes', 'links', 'locations'] as const)
    if (document[sort].length > MOST_VALUES) throw tooMany(document[sort].length, sort)
  for (const one of [document, ...document.links]) for (const input of one.attributes) valueWithinLimits(input)
  const { entities = [] } = document
  if (entities.length > MOST_VALUES) throw tooMany(entities.length, 'entities')
  for (const entity of entities) withinLimits(entity)
  return document
}

/** Text is held against them where it is scanned, JSON here. */
function valueWithinLimits({ value, where }: AttributeInput): void {
  if (Array.isArray(value) && value.length > MOST_VALUES) throw tooMany(value.length, 'members of an array')
  if (typeof value === 'string' && value.length > LONGEST_VALUE) throw tooLong(value, where)
}

/** 'too-large' */
export const tooLong = (value: string, where: Where): Fault =>
  fault('too-large', `a value has ${value.length} characters, at most ${LONGEST_VALUE}${at(where)}`, detailOf(where))

/** 'too-large' */
export const tooMany = (count: number, sort: string): Fault =>
  fault('too-large', `there are ${count} ${sort}; at most ${MOST_VALUES} go into one request`)

/** ` (line 3, column 12)`, ` (attributes.occi.core.title)`. */
export const at = ({ field, line, column }: Where): string =>
  line === undefined ? ` (${field})` : ` (${field}, line ${line}, column ${column ?? 1})`

/** Fault detail for a place. */
export const detailOf = ({ field, line, column }: Where) =>
  line === undefined ? { field } : { field, position: { line, column: column ?? 1 } }
