/** The categories of a request held against the model: which kind, which mixins. */
import { fault } from '../../faults'
import type { Model } from '../model'
import type { Catalogue } from '../model/catalogue'
import type { Category, KindCategory, MixinCategory } from '../model/category'
import { at, type CategoryInput, detailOf } from '../parse'

export interface Named {
  readonly kinds: readonly KindCategory[]
  readonly mixins: readonly MixinCategory[]
}

/**
 * Throws 'unknown-field' for a category that nobody knows, 'unsupported' for one of the standard that is not served here,
 * 'combination' for a class that it has not, 'invalid' for an action where entities are described.
 */
export function namedCategories(inputs: readonly CategoryInput[], model: Model, catalogue: Catalogue): Named {
  const found = inputs.map((input) => findCategory(input, model, catalogue))
  return {
    kinds: unique(found.filter((one) => one.class === 'kind')),
    mixins: unique(found.filter((one) => one.class === 'mixin')),
  }
}

function findCategory(input: CategoryInput, model: Model, catalogue: Catalogue): KindCategory | MixinCategory {
  const found = catalogue.find(input.id) ?? refuse(input, model)
  if (input.class !== null && input.class !== found.class)
    throw fault(
      'combination',
      `${input.id} is a ${found.class}, no ${input.class}${at(input.where)}`,
      detailOf(input.where),
    )
  if (found.class === 'action')
    throw fault('invalid', `${input.id} is an action: send it with ?action=${found.term}`, detailOf(input.where))
  return found
}

function refuse(input: CategoryInput, model: Model): never {
  const known: Category | undefined = model.find(input.id)
  if (known !== undefined)
    throw fault('unsupported', `the ${known.class} ${input.id} is not served here`, detailOf(input.where))
  throw fault('unknown-field', `there is no category ${input.id} here${at(input.where)}`, detailOf(input.where))
}

const unique = <T>(all: readonly T[]): readonly T[] => [...new Set(all)]

/**
 * A path takes entities of its kind. Who changes a part of one that is there need not name it. Faults: as oneKind's, 'combination'
 * for another kind at a fresh path, 'immutable' for another kind than that of what is there.
 */
export function refuseOtherKind(
  named: Named,
  wanted: string,
  { how, is }: { readonly how: 'whole' | 'partial'; readonly is: 'new' | 'there' },
): void {
  if (how === 'partial' && named.kinds.length === 0) return
  const kind = oneKind(named)
  if (kind.id === wanted) return
  throw is === 'new'
    ? fault('combination', `this path takes ${wanted}, the request describes ${kind.id}`, { field: 'kind' })
    : fault('immutable', 'the kind of an entity cannot be changed', { field: 'kind' })
}

/** The one kind of a creation. Throws 'missing' for none, 'combination' for several. */
export function oneKind({ kinds }: Named): KindCategory {
  const [kind, ...more] = kinds
  if (kind === undefined) throw fault('missing', 'the request names no kind', { field: 'kind' })
  if (more.length > 0)
    throw fault('combination', `an entity has one kind, not ${kinds.map(({ id }) => id).join(' and ')}`, {
      field: 'kind',
    })
  return kind
}

/** 'forbidden' for a mixin that may not be put on this kind (GFD.185 §3.4.2: 403). */
export function refuseMisapplied(mixins: readonly MixinCategory[], kind: string): void {
  const wrong = mixins.find(({ applies }) => applies.length > 0 && !applies.includes(kind))
  if (wrong !== undefined)
    throw fault('forbidden', `the mixin ${wrong.id} cannot be put on ${kind}`, {
      field: wrong.id,
      allowed: wrong.applies,
    })
}
