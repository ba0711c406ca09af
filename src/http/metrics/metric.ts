/** One metric: what it is called, what it means, and how its samples come out of what is used at the site. */
import type { SiteUsage } from '../../operations/usage/operations'
import type { Sample } from './text'

export interface Metric {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  /** Names, in the order of the samples. */
  readonly labels: readonly string[]
  readonly help: string
  readonly samples: (site: SiteUsage) => readonly Sample[]
}

export const MIB = 1024 * 1024
export const GIB = 1024 * MIB

/** Of each thing one sample; those of which nothing is known are left out. */
export const each = <T>(
  things: readonly T[],
  labels: (thing: T) => Sample['labels'],
  value: (thing: T) => number | null | undefined,
): readonly Sample[] =>
  things.flatMap((thing) => {
    const known = value(thing)
    return known === null || known === undefined ? [] : [{ labels: labels(thing), value: known }]
  })
