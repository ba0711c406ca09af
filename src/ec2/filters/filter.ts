/** `Filter.N`: several filters must all match, one filter matches when any of its values does. */
import type { Filter } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { globMatcher } from './glob'

/** What a thing says to a filter: one text, several, or nothing. Numbers and booleans are compared as text. */
export type Said = string | number | boolean | readonly string[] | undefined

export interface FilterTable<T> {
  readonly says: Readonly<Record<string, (thing: T, context: Ec2Context) => Said>>
  /** Present where things have tags: gives `tag:<key>`, `tag-key` and, as old clients send it, `tag-value`. */
  readonly tags?: (thing: T, context: Ec2Context) => Readonly<Record<string, string>>
  /** Filters that EC2 has and that no thing here has anything to say to: they match nothing. */
  readonly silent?: readonly string[]
}

/** What a request without filters asks for. */
export const everything = (): boolean => true

/** EC2 takes at most so many values in all filters of a request. */
const MAX_VALUES = 200
const MAX_LENGTH = 255

/**
 * The predicate of a request's filters. Faults: 'invalid' for a filter that EC2 does not have or one without values, 'missing'
 * for one without a name, 'too-large' for more than 200 values.
 */
export function filterBy<T>(
  filters: readonly Filter[] | undefined,
  table: FilterTable<T>,
  context: Ec2Context,
): (thing: T) => boolean {
  const wanted = filters ?? []
  if (wanted.length === 0) return everything
  const values = wanted.reduce((sum, filter) => sum + (filter.Values?.length ?? 0), 0)
  if (values > MAX_VALUES)
    throw fault('too-large', `The request has ${values} filter values; at most ${MAX_VALUES} are accepted`, {
      field: 'Filter',
    })
  const predicates = wanted.map((filter) => predicateOf(filter, table, context))
  return (thing) => predicates.every((predicate) => predicate(thing))
}

/** The things that a request's filters let through, in their order. */
export const matching = <T>(
  things: readonly T[],
  filters: readonly Filter[] | undefined,
  table: FilterTable<T>,
  context: Ec2Context,
): T[] => things.filter(filterBy(filters, table, context))

function predicateOf<T>(filter: Filter, table: FilterTable<T>, context: Ec2Context): (thing: T) => boolean {
  const name = filter.Name
  if (name === undefined || name === '')
    throw fault('missing', 'The request must contain the parameter Filter.Name', { field: 'Filter.Name' })
  const said = sayer(name, table)
  const accepted = matcherOf(name, filter.Values ?? [])
  return (thing) => {
    const answer = said(thing, context)
    if (answer === undefined) return false
    return typeof answer === 'object' ? answer.some(accepted) : accepted(String(answer))
  }
}

function sayer<T>(name: string, table: FilterTable<T>): (thing: T, context: Ec2Context) => Said {
  if (Object.hasOwn(table.says, name) && table.says[name]) return table.says[name]
  const { tags } = table
  if (tags) {
    if (name === 'tag-key') return (thing, context) => Object.keys(tags(thing, context))
    if (name === 'tag-value') return (thing, context) => Object.values(tags(thing, context))
    if (name.startsWith('tag:')) {
      const key = name.slice('tag:'.length)
      return (thing, context) => {
        const all = tags(thing, context)
        return Object.hasOwn(all, key) ? all[key] : undefined
      }
    }
  }
  if (table.silent?.includes(name)) return () => undefined
  throw fault('invalid', `The filter '${shorten(name)}' is invalid`, { field: 'Filter.Name' })
}

function matcherOf(name: string, values: readonly string[]): (text: string) => boolean {
  if (values.length === 0)
    throw fault('invalid', `The filter '${shorten(name)}' has no value`, { field: 'Filter.Value' })
  if (values.some((value) => value.length > MAX_LENGTH))
    throw fault('invalid', `The filter '${shorten(name)}' has a value of more than ${MAX_LENGTH} characters`, {
      field: 'Filter.Value',
    })
  const exact = new Set(values.filter((value) => !/[*?\\]/.test(value)))
  const patterns = values.filter((value) => !exact.has(value)).map(globMatcher)
  return (text) => exact.has(text) || patterns.some((matches) => matches(text))
}
