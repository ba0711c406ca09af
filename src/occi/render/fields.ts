/**
 * The fields that text/plain writes as lines and text/occi as headers (GFD.229 §4). Order of parameters and blanks exactly as
 * the grammar has them: rOCCI and jOCCI match them with one regular expression, and IM searches for `Category: TERM;`.
 */
import { type Attribute, allAttributes, type LinkEntity } from '../entities/entity'
import type { Category, Definitions } from '../model/category'
import type { AnyEntity, CategoryCollection } from './rendering'

export interface Field {
  readonly name: 'Category' | 'Link' | 'X-OCCI-Attribute'
  readonly value: string
}

/** A model: kinds, then their actions, then mixins. */
export const categoryFields = ({ kinds, actions, mixins }: CategoryCollection): readonly Field[] =>
  [...kinds, ...actions, ...mixins].map((one) => ({ name: 'Category', value: fullCategory(one) }))

/** An entity: categories, links, applicable actions, attributes. */
export const entityFields = (entity: AnyEntity): readonly Field[] => [
  { name: 'Category', value: shortCategory(entity.kind, 'kind') },
  ...entity.mixins.map((id): Field => ({ name: 'Category', value: shortCategory(id, 'mixin') })),
  ...entity.links.map((link): Field => ({ name: 'Link', value: inlineLink(link) })),
  ...entity.actions.map((id): Field => ({ name: 'Link', value: actionLink(entity.path, id) })),
  ...allAttributes(entity).map((one): Field => ({ name: 'X-OCCI-Attribute', value: attribute(one) })),
]

function fullCategory(category: Category): string {
  const rel = category.class === 'kind' ? category.parent : category.class === 'mixin' ? category.depends[0] : undefined
  const location = category.class === 'action' ? null : category.location
  const actions = category.class === 'action' ? [] : category.actions
  return [
    category.term,
    `scheme="${category.scheme}"`,
    `class="${category.class}"`,
    ...(category.title === null ? [] : [`title=${quoted(category.title)}`]),
    ...(rel ? [`rel="${rel}"`] : []),
    ...(location === null ? [] : [`location="${location}"`]),
    ...(category.attributes.size === 0 ? [] : [`attributes="${definitions(category.attributes)}"`]),
    ...(actions.length === 0 ? [] : [`actions="${actions.join(' ')}"`]),
  ].join(';')
}

const definitions = (all: Definitions): string =>
  [...all.values()]
    .map(({ name, mutable, required }) => {
      const properties = [...(mutable ? [] : ['immutable']), ...(required ? ['required'] : [])]
      return properties.length === 0 ? name : `${name}{${properties.join(' ')}}`
    })
    .join(' ')

const shortCategory = (id: string, of: 'kind' | 'mixin'): string => {
  const term = id.indexOf('#') + 1
  return `${id.slice(term)};scheme="${id.slice(0, term)}";class="${of}"`
}

/** Attributes last (jOCCI wants them there), and always at least one (rOCCI 5). */
const inlineLink = (link: LinkEntity): string =>
  [
    `<${link.target.path}>`,
    `rel="${link.target.kind}"`,
    `self="${link.path}"`,
    `category="${[link.kind, ...link.mixins].join(' ')}"`,
    ...allAttributes(link).map(attribute),
  ].join(';')

const actionLink = (path: string, id: string): string => `<${path}?action=${id.slice(id.indexOf('#') + 1)}>;rel="${id}"`

const attribute = ({ name, value, float }: Attribute): string =>
  `${name}=${typeof value === 'string' ? quoted(value) : typeof value === 'number' ? decimal(value, float) : value}`

/** Control characters cannot be put in a line or a header; they become blanks. */
export const quoted = (text: string): string => `"${text.replace(/\p{Cc}/gu, ' ').replace(/["\\]/g, '\\$&')}"`

/** The grammar knows no exponent (JavaScript's `1e-7`). */
function decimal(value: number, float: true | undefined): string {
  const plain = String(value)
  const text = plain.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : plain
  return float && !text.includes('.') ? `${text}.0` : text
}
