/** A category in JSON: its type identifier alone, or a mixin in full, as users make them (GFD.226 §5.4). */
import type { CategoryInput, ToldCategory } from '../../model/occi/document'
import { array, type Members, object, only, string } from '../../model/occi/json-values'

const MEMBERS = new Set([
  'term',
  'scheme',
  'title',
  'location',
  'depends',
  'applies',
  'attributes',
  'actions',
  'related',
  'rel',
  'class',
])

/** A bare mixin as the body of a request. */
export const isCategory = (members: Members): boolean => 'term' in members && 'scheme' in members

/** Throws 'malformed' naming the key. */
export function category(value: unknown, of: 'kind' | 'mixin', field: string): CategoryInput {
  if (typeof value === 'string') return { id: value, class: of, where: { field } }
  const members = object(value, field)
  only(members, MEMBERS, `${field}.`)
  const scheme = string(members.scheme, `${field}.scheme`)
  const id = (scheme.includes('#') ? scheme : `${scheme}#`) + string(members.term, `${field}.term`)
  return { id, class: of, where: { field }, told: told(members, field) }
}

function told(members: Members, field: string): ToldCategory {
  const text = (name: 'title' | 'location') =>
    members[name] === undefined ? {} : { [name]: string(members[name], `${field}.${name}`) }
  return {
    ...text('title'),
    ...text('location'),
    depends: strings(members, 'depends' in members ? 'depends' : 'related' in members ? 'related' : 'rel', field),
    applies: strings(members, 'applies', field),
    defines: [...Object.keys(attributes(members, field)), ...strings(members, 'actions', field)],
  }
}

/** Drafts write one alone without its array. */
function strings(members: Members, name: string, field: string): readonly string[] {
  const value = members[name]
  if (typeof value === 'string') return [value]
  return array(value, `${field}.${name}`).map((one, index) => string(one, `${field}.${name}[${index}]`))
}

const attributes = (members: Members, field: string): Members =>
  members.attributes === undefined ? {} : object(members.attributes, `${field}.attributes`)
