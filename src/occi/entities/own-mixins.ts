/** The mixins of users on an entity. A record names them by id, so what is made from it is good only while those mixins last. */
import type { MixinId } from '../../model/ids'
import type { ComputeRecord } from '../../model/records'
import type { Operations } from '../../operations/operations'

export interface Tagging {
  readonly operations: Pick<Operations, 'mixin' | 'network'>
}

/** Type identifiers; ids of mixins that were deleted since mean nothing. */
export const ownMixins = (
  { operations }: { readonly operations: Pick<Operations, 'mixin'> },
  { mixins = [] }: { readonly mixins?: readonly MixinId[] },
): readonly string[] =>
  mixins.flatMap((id) => {
    const found = operations.mixin(id)
    return found === undefined ? [] : [found.wish.scheme + found.wish.term]
  })

/** All of a compute, its interfaces and its links to volumes, as one text; '' for nearly all, and quickly so: listings ask for each member. */
export const ownMixinsWithin = (site: Tagging, { wish }: ComputeRecord): string =>
  wish.mixins === undefined && partsOf(wish).every(({ mixins }) => mixins === undefined)
    ? ''
    : [wish, ...partsOf(wish)].map((one) => ownMixins(site, one).join(' ')).join('|')

const partsOf = ({ interfaces, volumes = [] }: ComputeRecord['wish']) => [...interfaces, ...volumes]

/** Keeps what was made from a record as long as the record and `sign` stay the same. */
export function keptWhile<R extends object, T>(): (record: R, sign: string, make: () => T) => T {
  const kept = new WeakMap<R, { readonly sign: string; readonly made: T }>()
  return (record, sign, make) => {
    const known = kept.get(record)
    if (known?.sign === sign) return known.made
    const made = make()
    kept.set(record, { sign, made })
    return made
  }
}
