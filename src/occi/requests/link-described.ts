/** What a request says of a link, held against its kind: to be made, or one that is there. */
import { fault } from '../../faults'
import type { MixinId } from '../../model/ids'
import type { LinkEntity } from '../entities/entity'
import type { Model } from '../model'
import type { Catalogue } from '../model/catalogue'
import type { Document } from '../parse'
import { namedCategories, oneKind, refuseMisapplied } from './categories'
import { entityValues, type Values } from './entity-values'
import { kindWith } from './kind-with'
import { ownOf } from './own-of'

export interface LinkKind {
  readonly kind: string
  /** Mixins of the provider's that it may be described with. */
  readonly mixins: readonly string[]
}

export interface LinkDescribed {
  readonly values: Values
  /** Mixins that users made, which it has not yet. */
  readonly own: readonly MixinId[]
}

/** Throws 'missing', 'combination' (another kind), 'forbidden' and 'unsupported' for mixins, and what `entityValues` does. */
export function linkDescribed(
  document: Document,
  { model, catalogue }: { readonly model: Model; readonly catalogue: Catalogue },
  { kind, mixins }: LinkKind,
  present?: LinkEntity,
): LinkDescribed {
  const shown = new Set(present?.mixins)
  const named = namedCategories(
    document.categories.filter(({ id }) => !shown.has(id)),
    model,
    catalogue,
  )
  if (present === undefined || named.kinds.length > 0) {
    const is = oneKind(named)
    if (is.id !== kind)
      throw fault('combination', `this path takes ${kind}, the request describes ${is.id}`, { field: 'kind' })
  }
  refuseMisapplied(named.mixins, kind)
  const strange = named.mixins.find(({ id, own }) => own === null && !mixins.includes(id))
  if (strange) throw fault('unsupported', `${strange.id} cannot be put on this link here`, { field: strange.id })
  return {
    values: entityValues(document.attributes, kindWith(model, kind, ...mixins), present),
    own: ownOf(named.mixins),
  }
}

/** Mixins of users that a whole description of a link leaves out. */
export function mixinsLeftOut(document: Document, link: LinkEntity, catalogue: Catalogue): readonly MixinId[] {
  const named = new Set(document.categories.map(({ id }) => id))
  return ownOf(catalogue.mixins.filter(({ id }) => link.mixins.includes(id) && !named.has(id)))
}
