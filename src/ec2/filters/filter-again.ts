/**
 * Filters that are asked for again and again, over lists of which each time only a little changed: what was found out of machines
 * that are the same still holds. It stands in for an index, and for every filter there is.
 */
import type { Filter } from '@aws-sdk/client-ec2'
import { type Made, mapAgain } from '../../fragments/again'
import { Recent } from '../../fragments/recent'
import type { Ec2Context } from '../action'
import { everything } from './filter'

interface Found<T> extends Made<T, boolean> {
  /** Of everything else that a filter may look at. */
  readonly asOf: string
}

/** Filters that are kept, of all projects together. */
const FILTERS = 50
/** Shorter lists are gone through as quickly. */
const LEAST = 500

const found = new WeakMap<Ec2Context['operations'], Recent<string, Found<object>>>()

/** What `matches` says of each of a list, by their places in it. `name` tells apart what is filtered for. */
export function matchesAgain<T extends object>(
  all: readonly T[],
  matches: (thing: T) => boolean,
  asked: { readonly name: string; readonly filters: readonly Filter[] | undefined },
  { operations, caller }: Ec2Context,
): (thing: T, index: number) => boolean {
  if (matches === everything || all.length < LEAST) return matches
  const recent = found.get(operations) ?? new Recent<string, Found<object>>(FILTERS)
  found.set(operations, recent)
  const key = JSON.stringify([caller.project, asked.name, asked.filters])
  const asOf = operations.asOf(caller)
  const known = recent.get(key) as Found<T> | undefined
  const made = mapAgain(all, known?.asOf === asOf ? known : undefined, matches)
  recent.set(key, { ...made, asOf } as Found<object> & Found<T>)
  return (_thing, index) => made.things[index] === true
}
