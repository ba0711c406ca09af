/**
 * Lists that are asked for again and again, each time a little changed: what was made of the list before is a good start.
 *
 * A list of records is a new array after each change, and nearly all of it is what it was. So things made of records one by one
 * are made anew only between the first and the last difference.
 */

/** What was made of each record, in their order. */
export interface Made<R, T> {
  readonly records: readonly R[]
  readonly things: readonly T[]
}

/**
 * `make` of each record; of those that stand before the first difference or behind the last one, what was made before. Where
 * nothing came or went, also of those in between that are the same.
 */
export function mapAgain<R extends object, T>(
  records: readonly R[],
  former: Made<R, T> | undefined,
  make: (record: R) => T,
): Made<R, T> {
  if (!former) return { records, things: records.map(make) }
  const { before, behind } = same(records, former.records)
  const stays = records.length === former.records.length
  const at = (index: number): T => former.things[index] as T
  const things = [
    ...former.things.slice(0, before),
    ...records
      .slice(before, records.length - behind)
      .map((record, index) => (stays && record === former.records[before + index] ? at(before + index) : make(record))),
    ...former.things.slice(former.things.length - behind),
  ]
  return { records, things }
}

/** How many at the beginning, and how many at the end, are the very same; none is counted twice. */
export function same<R>(
  some: readonly R[],
  others: readonly R[],
): { readonly before: number; readonly behind: number } {
  const shorter = Math.min(some.length, others.length)
  let before = 0
  while (before < shorter && some[before] === others[before]) before++
  let behind = 0
  while (behind < shorter - before && some[some.length - 1 - behind] === others[others.length - 1 - behind]) behind++
  return { before, behind }
}

const lines = new WeakMap<readonly unknown[], Map<object, unknown>>()

/** Says that a list is what became of another: `lastMade` then finds what was made of that one. */
export function succeeds(list: readonly unknown[], former: readonly unknown[] | undefined): void {
  lines.set(list, (former && lines.get(former)) ?? new Map())
}

/**
 * What `by` made of a list, or of the one that it succeeds, is given to `make`, and what that makes is kept instead. Lists of
 * which nobody said what they succeed are made of nothing each time.
 */
export function madeAgain<T>(list: readonly unknown[], by: object, make: (former: T | undefined) => T): T {
  const line = lines.get(list)
  const fresh = make(line?.get(by) as T | undefined)
  line?.set(by, fresh)
  return fresh
}
