/**
 * From requirements to a function of a host's attributes, as OpenNebula evaluates them. A host is a row of values, and names are bound
 * to places in it once for all hosts, so that evaluating is array reads. What ranks make of hosts is in rank-columns.ts.
 */
import { glob } from './glob'
import { isMachineList } from './names'
import type { Term } from './rank'
import type { Literal, Requirement, Requirements } from './requirements'

/** Undefined: the host has no such attribute. A list: several of that name, or the machines of the host. */
export type Value = number | string | readonly string[] | undefined
export type Row = readonly Value[]
/** The place of a name in every row. */
export type Places = (name: string) => number

export type Admits = (host: Row) => boolean

export const bindRequirements = ({ tree }: Requirements, places: Places): Admits => admits(tree, places)

function admits(tree: Requirement, places: Places): Admits {
  switch (tree.is) {
    case 'anything':
      return () => true
    case 'not': {
      const of = admits(tree.of, places)
      return (host) => !of(host)
    }
    case 'and':
    case 'or': {
      const left = admits(tree.left, places)
      const right = admits(tree.right, places)
      return tree.is === 'and' ? (host) => left(host) && right(host) : (host) => left(host) || right(host)
    }
    case 'defined': {
      const place = places(tree.name)
      return (host) => isThere(host[place])
    }
    case 'compared':
      return compared(tree, places(tree.name))
  }
}

const isThere = (value: Value): boolean => value !== undefined && (!Array.isArray(value) || value.length > 0)

/** A missing attribute makes every comparison false, `!=` too; so does the empty text. */
function compared({ name, by, to }: Requirement & { readonly is: 'compared' }, place: number): Admits {
  if (to === '') return () => false
  const holds = equals(to)
  if (isMachineList(name)) {
    const wanted = by === '='
    return (host) => all(host[place]).some(holds) === wanted
  }
  if (by === '@>') return (host) => all(host[place]).some(holds)
  if (by === '=' || by === '!=') {
    const wanted = by === '='
    return (host) => {
      const value = first(host[place])
      return value !== undefined && holds(value) === wanted
    }
  }
  const compare = ORDER[by]
  const bound = Number(to)
  return (host) => {
    const value = first(host[place])
    return value !== undefined && compare(numberOf(value), bound)
  }
}

const ORDER: Readonly<Record<'>' | '<' | '>=' | '<=', (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
}

function equals(to: Literal): (value: number | string) => boolean {
  if (typeof to === 'number') return (value) => numberOf(value) === to
  const pattern = glob(to)
  return (value) => pattern(String(value))
}

/** Of several with one name the first counts. */
const first = (value: Value): number | string | undefined => (typeof value === 'object' ? value[0] : value)

/** A text with commas is a list to `@>`. */
function all(value: Value): readonly (number | string)[] {
  if (value === undefined) return []
  if (typeof value === 'object') return value
  return typeof value === 'string' && value.includes(',') ? value.split(',').map((part) => part.trim()) : [value]
}

/** The number that a text begins with, 0 where it begins with none: how OpenNebula reads one. */
function numberOf(value: number | string): number {
  if (typeof value === 'number') return value
  return Number(/^\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)/.exec(value)?.[1] ?? 0)
}

/** Cut off towards zero. Beyond every number is as undefined as a division by zero; and there is no -0. */
export function whole(rank: number): number {
  const value = Math.trunc(rank)
  return Number.isFinite(value) ? value + 0 : Number.NaN
}

/** An attribute as a rank takes it: 0 where there is none. */
export function figureOf(value: Value): number {
  if (typeof value === 'number') return Math.fround(value)
  const one = first(value)
  return one === undefined ? 0 : Math.fround(numberOf(one))
}

const known = new WeakMap<Requirement | Term, ReadonlySet<string>>()

/** Every attribute that an expression names. Found once for each. */
export function namesIn(tree: Requirement | Term): ReadonlySet<string> {
  const before = known.get(tree)
  if (before) return before
  const names = new Set<string>()
  collect(tree, names)
  known.set(tree, names)
  return names
}

function collect(part: Requirement | Term, into: Set<string>): void {
  if ('name' in part) into.add(part.name)
  if ('of' in part) collect(part.of, into)
  if ('left' in part) {
    collect(part.left, into)
    collect(part.right, into)
  }
}
