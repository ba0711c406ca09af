/** Filters of a listing (GFD.185 §3.4.4, GFD.223 §5.5.7): categories and attributes in headers, or in the query for browsers. */
import { fault } from '../../faults'
import type { Entity } from '../entities/entity'
import { allAttributes } from '../entities/entity'
import type { Scalar } from '../model/category'
import { parseHeaders } from '../parse'

export interface Filter {
  readonly categories: readonly string[]
  readonly attributes: readonly { readonly name: string; readonly value: unknown }[]
}

/** Throws 'malformed' for headers that cannot be read, 'invalid' for a query that names other than one value for each attribute. All conditions must hold. */
export function filterOf(rawHeaders: readonly string[], query: URLSearchParams): Filter {
  const { categories, attributes } = parseHeaders(rawHeaders)
  return {
    categories: [...categories.map(({ id }) => id), ...query.getAll('category')],
    attributes: [...attributes.map((one) => ({ name: one.name, value: one.value })), ...pairsIn(query)],
  }
}

/** The first value is that of the first attribute, and so on. A condition that was dropped would have a DELETE end what nobody meant. */
function pairsIn(query: URLSearchParams): Filter['attributes'] {
  const names = query.getAll('attribute')
  const values = query.getAll('value')
  if (names.length !== values.length)
    throw fault(
      'invalid',
      `the query has ${names.length} attribute= and ${values.length} value=: say one value for each`,
      {
        field: names.length > values.length ? 'value' : 'attribute',
      },
    )
  return names.map((name, at) => ({ name, value: values[at] }))
}

export const isEmpty = ({ categories, attributes }: Filter): boolean =>
  categories.length === 0 && attributes.length === 0

/** Whether an entity is kept. An unknown category keeps none: a tag that was just removed should not be an error. */
export function keeps({ categories, attributes }: Filter, entity: Entity): boolean {
  const named = categories.every((id) => entity.kind === id || entity.mixins.includes(id))
  if (!named || attributes.length === 0) return named
  const has = new Map(allAttributes(entity).map(({ name, value }) => [name, value]))
  return attributes.every(({ name, value }) => same(has.get(name), value))
}

/** Numbers may come as text: `occi.compute.cores="1"`. */
const same = (present: Scalar | undefined, wanted: unknown): boolean =>
  present !== undefined &&
  (present === wanted ||
    (typeof present === 'number' ? present === Number(wanted) : String(present) === String(wanted)))
