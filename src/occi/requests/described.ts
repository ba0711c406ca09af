/** A resource of a kind that starts no links and has no mixins, as a client described it. */
import { fault } from '../../faults'
import type { Entity } from '../entities/entity'
import type { Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import type { KindCategory } from '../model/category'
import { namedCategories, refuseMisapplied, refuseOtherKind } from './categories'
import { describesOne } from './describes-one'
import { entityValues, type Values } from './entity-values'

/**
 * What it says of itself, held against its kind and against what is there. Faults: those of categories and attributes, 'unsupported' for a
 * mixin or a link.
 */
export function describedAs(
  { model }: Pick<Front, 'model'>,
  exchange: Pick<Exchange, 'document'>,
  catalogue: Catalogue,
  wanted: { readonly kind: string; readonly present?: Entity | undefined; readonly how: 'whole' | 'partial' },
): Values {
  const document = describesOne(exchange.document())
  const named = namedCategories(document.categories, model, catalogue)
  refuseOtherKind(named, wanted.kind, { how: wanted.how, is: wanted.present === undefined ? 'new' : 'there' })
  refuseMisapplied(named.mixins, wanted.kind)
  const kind = model.find(wanted.kind) as KindCategory
  const [strange] = named.mixins
  if (strange) throw fault('unsupported', `${strange.id} cannot be put on a ${kind.term} here`, { field: strange.id })
  if (document.links.length > 0) throw fault('unsupported', `a ${kind.term} starts no links`, { field: 'Link' })
  return entityValues(document.attributes, kind, wanted.present)
}
