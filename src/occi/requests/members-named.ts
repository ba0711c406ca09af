/** Which entities a request to a mixin's collection names: by location, or in JSON by kind and id (GFD.223 §5.5.3). */
import { fault } from '../../faults'
import type { Catalogue } from '../model/catalogue'
import type { MixinCategory } from '../model/category'
import { type Document, detailOf } from '../parse'

/** Locations as they were written. Throws 'combination' for other content, 'unknown-field', 'missing' (an entity without an id). */
export function namedPaths(document: Document, mixin: MixinCategory, catalogue: Catalogue): readonly string[] {
  if (document.entities !== undefined) return document.entities.map((one) => pathOfEntity(one, catalogue))
  if (document.locations.length > 0) return document.locations
  // A client may name the mixin itself along with nothing else.
  const other = document.categories.find(({ id }) => id !== mixin.id)
  if (other !== undefined) return [pathOfEntity(document, catalogue)]
  if (document.attributes.length + document.links.length > 0)
    throw fault('combination', 'a collection of a mixin takes locations of entities', { field: 'X-OCCI-Location' })
  return []
}

function pathOfEntity(entity: Document, catalogue: Catalogue): string {
  const [location] = entity.locations
  if (location !== undefined) return location
  const named = entity.categories.find((one) => one.class !== 'mixin')
  if (named === undefined) throw fault('missing', 'an entity is named by its kind and id', { field: 'kind' })
  const kind = catalogue.find(named.id)
  if (kind?.class !== 'kind' || kind.location === null)
    throw fault('unknown-field', `there is no kind ${named.id} here`, detailOf(named.where))
  const id = entity.attributes.find(({ name }) => name === 'occi.core.id')?.value
  if (typeof id !== 'string') throw fault('missing', 'an entity is named by its kind and id', { field: 'id' })
  return kind.location + id.replace(/^urn:uuid:/, '')
}
