/** What lies at a path, and which methods are defined there (GFD.223 §5.5). */
import type { Catalogue } from '../model/catalogue'
import type { KindCategory, MixinCategory } from '../model/category'
import { ENTITY_KINDS } from '../model/names'
import { entityPath } from '../path'
import { comesAndGoes } from './provider-mixins'

export type Place =
  | { readonly at: 'query' }
  | { readonly at: 'collection'; readonly of: KindCategory | MixinCategory }
  | { readonly at: 'entity'; readonly kind: KindCategory; readonly id: string }
  /** No collection itself, but there are some below: `/`, `/mixin/`. */
  | { readonly at: 'unbound'; readonly path: string }

const QUERY = new Set(['/-/', '/-', '/.well-known/org/ogf/occi/-/', '/.well-known/org/ogf/occi/-'])
const WITH_ENTITIES = new Set(ENTITY_KINDS)

/** Undefined when there is nothing. A missing final slash is forgiven. */
export function placeAt(path: string, catalogue: Catalogue): Place | undefined {
  if (QUERY.has(path)) return { at: 'query' }
  const folder = path.endsWith('/') ? path : `${path}/`
  const collection = catalogue.at(folder)
  if (collection !== undefined) return { at: 'collection', of: collection }
  const entity = entityPath(path)
  const kind = entity === undefined ? undefined : catalogue.at(entity.location)
  if (entity !== undefined && kind?.class === 'kind' && WITH_ENTITIES.has(kind.id))
    return { at: 'entity', kind, id: entity.id }
  return catalogue.below(folder).length > 0 ? { at: 'unbound', path: folder } : undefined
}

const READ = ['GET', 'HEAD', 'OPTIONS']

const ALL = ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']

/** For `Allow`. */
export function methodsAt(place: Place | undefined): readonly string[] {
  switch (place?.at) {
    case 'query':
      return ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']
    case 'collection':
      if (place.of.class === 'mixin' && (place.of.own !== null || comesAndGoes(place.of)))
        return ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']
      if (place.of.class === 'mixin') return ['GET', 'HEAD', 'POST', 'OPTIONS']
      return WITH_ENTITIES.has(place.of.id) ? ALL : READ
    case 'entity':
      return WITH_ENTITIES.has(place.kind.id) ? ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'] : READ
    case 'unbound':
      return place.path === '/' ? ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'] : ['GET', 'HEAD', 'DELETE', 'OPTIONS']
    default:
      return READ
  }
}
