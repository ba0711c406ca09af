/** A resource of a kind that starts no links and has no mixins, as a client described it. */
import { fault } from '../../faults'
import type { Entity } from '../entities/entity'
import type { Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import type { KindCategory } from '../model/category'
import type { Document } from '../parse'
import { namedCategories, refuseMisapplied, refuseOtherKind } from './categories'
import { entityValues, type Values } from './entity-values'
import { withoutActions } from './links'

/**
 * What it says of itself, held against its kind and against what is there. Faults: those of categories and attributes, 'unsupported' for a
 * mixin or a link.
 */
export function describedAs(
  { model }: Pick<Front, 'model'>,
  document: Document,
  catalogue: Catalogue,
  wanted: { readonly kind: string; readonly present?: Entity | undefined; readonly how: 'whole' | 'partial' },
): Values {
  const named = namedCategories(document.categories, model, catalogue)
  refuseOtherKind(named, wanted.kind, { how: wanted.how, is: wanted.present === undefined ? 'new' : 'there' })
  refuseMisapplied(named.mixins, wanted.kind)
  const kind = model.find(wanted.kind) as KindCategory
  const [strange] = named.mixins
  if (strange) throw fault('unsupported', `${strange.id} cannot be put on a ${kind.term} here`, { field: strange.id })
  if (withoutActions(document.links, model).length > 0)
    throw fault('unsupported', `a ${kind.term} starts no links`, { field: 'Link' })
  return entityValues(document.attributes, kind, wanted.present)
}
