/**
 * application/occi+json (GFD.226): a resource, a link, an action invocation, a collection of one of them, or a list of
 * locations. The draft of 1.1 days is read too, as rOCCI-core 4.3 and pyssf write it: nested attributes, targets as plain strings.
 */
import { fault } from '../../faults'
import { isDeeper } from '../../model/nesting'
import {
  type AttributeInput,
  type Document,
  type LinkInput,
  MOST_VALUES,
  NOTHING,
  tooMany,
  withinLimits,
} from '../../model/occi/document'
import { array, type Members, object, only, string, wrong } from '../../model/occi/json-values'
import { linksBeside } from './json-beside'
import { category, isCategory } from './json-category'

const ENTITY_MEMBERS = new Set([
  'kind',
  'id',
  'title',
  'summary',
  'mixins',
  'attributes',
  'actions',
  'links',
  'source',
  'target',
  'rel',
  'location',
])
const ACTION_MEMBERS = new Set(['action', 'attributes', 'title'])
const COLLECTION_MEMBERS = new Set(['resources', 'links'])
/** Drafts nest attributes one level per dot; no name has more parts. */
const DEEPEST = 8
/** Levels of a body: a collection, its entities, their links, whose attributes drafts nest; with room for what a category says of an attribute. */
const DEEPEST_BODY = 32

/** Throws 'malformed' with line and column or with the key, 'too-large'. */
export function parseJson(text: string): Document {
  const content = syntax(text)
  // Before anything else walks it: each walk takes some of the stack for each level.
  if (isDeeper(content, DEEPEST_BODY)) throw wrong('the body', 'is nested too deeply')
  if (Array.isArray(content))
    return withinLimits({ ...NOTHING, locations: content.map((one, index) => string(one, `[${index}]`)) })
  const members = object(content, 'the body')
  if ('action' in members) return withinLimits(invocation(members))
  if (isCategory(members)) return withinLimits({ ...NOTHING, categories: [category(members, 'mixin', 'the body')] })
  return withinLimits(isCollection(members) ? collection(members) : entity(members, ''))
}

const isCollection = (members: Members): boolean =>
  'resources' in members || ('links' in members && !('kind' in members) && !('attributes' in members))

function syntax(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : 'is no JSON'
    const offset = /at position (\d+)/.exec(message)?.[1]
    const before = text.slice(0, offset === undefined ? text.length : Number(offset)).split('\n')
    const position = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
    throw fault('malformed', `the body is no JSON (line ${position.line}, column ${position.column})`, { position })
  }
}

function invocation(members: Members): Document {
  only(members, ACTION_MEMBERS, '')
  const id = string(members.action, 'action')
  return {
    ...NOTHING,
    categories: [{ id, class: 'action', where: { field: 'action' } }],
    attributes: attributes(members.attributes, 'attributes'),
  }
}

/** One entity is told as such, several side by side. */
function collection(members: Members): Document {
  only(members, COLLECTION_MEMBERS, '')
  const [resources, links] = [listed(members, 'resources'), listed(members, 'links')]
  const all = resources.map((one, index) => object(one, `resources[${index}]`))
  const beside = linksBeside(all, links)
  const entities = [
    ...beside.resources.map((one, index) => entity(one, `resources[${index}].`)),
    ...links.flatMap((one, index) =>
      beside.named.has(one) ? [] : [entity(object(one, `links[${index}]`), `links[${index}].`)],
    ),
  ]
  const [one, ...more] = entities
  if (one === undefined) return { ...NOTHING, entities: [] }
  return more.length === 0 ? one : { ...NOTHING, entities }
}

/** Held against the limits before anything is made of them. */
function listed(members: Members, name: 'resources' | 'links'): readonly unknown[] {
  const all = array(members[name], name)
  if (all.length > MOST_VALUES) throw tooMany(all.length, name)
  return all
}

function entity(members: Members, prefix: string): Document {
  only(members, ENTITY_MEMBERS, prefix)
  const kinds = members.kind === undefined ? [] : [category(members.kind, 'kind', `${prefix}kind`)]
  const mixins = array(members.mixins, `${prefix}mixins`).map((one, index) =>
    category(one, 'mixin', `${prefix}mixins[${index}]`),
  )
  return {
    categories: [...kinds, ...mixins],
    attributes: withTopLevel(members, attributes(members.attributes, `${prefix}attributes`), prefix),
    links: array(members.links, `${prefix}links`).map((one, index) => link(one, `${prefix}links[${index}]`)),
    locations: members.location === undefined ? [] : [string(members.location, `${prefix}location`)],
  }
}

/** Title and summary beside the attributes win over those among them; so do ends of a link. */
function withTopLevel(members: Members, among: readonly AttributeInput[], prefix: string): readonly AttributeInput[] {
  const top: AttributeInput[] = []
  for (const member of ['title', 'summary', 'id'] as const)
    if (members[member] !== undefined)
      top.push({
        name: `occi.core.${member}`,
        value: string(members[member], prefix + member),
        where: { field: prefix + member },
      })
  for (const member of ['source', 'target'] as const)
    if (members[member] !== undefined)
      top.push({
        name: `occi.core.${member}`,
        value: end(members[member], prefix + member),
        where: { field: prefix + member },
      })
  return [...among.filter(({ name }) => !top.some((one) => one.name === name)), ...top]
}

/** `{location, kind}`, in drafts the location alone. */
const end = (value: unknown, field: string): string =>
  typeof value === 'string' ? value : string(object(value, field).location, `${field}.location`)

function link(value: unknown, field: string): LinkInput {
  // Drafts name links of a collection by their location; here there is nothing that it could be looked up in.
  const members = object(value, field)
  const { categories, attributes: given } = entity(members, `${field}.`)
  const targetKind =
    typeof members.target === 'object' && members.target !== null ? object(members.target, field).kind : members.rel
  return {
    target: end(members.target, `${field}.target`),
    rel: targetKind === undefined ? [] : [string(targetKind, `${field}.target.kind`)],
    category: categories.map(({ id }) => id),
    attributes: given.filter(({ name }) => !['occi.core.id', 'occi.core.source', 'occi.core.target'].includes(name)),
    where: { field },
    ...(members.id === undefined ? {} : { self: string(members.id, `${field}.id`) }),
  }
}

function attributes(value: unknown, field: string): readonly AttributeInput[] {
  if (value === undefined) return []
  const all = object(value, field)
  const nested = typeof all.occi === 'object' && all.occi !== null
  return nested
    ? flatten(all, field, [], DEEPEST)
    : Object.entries(all).map(([name, one]) => ({ name, value: one, where: { field: `${field}.${name}` } }))
}

function flatten(value: Members, field: string, path: readonly string[], deep: number): readonly AttributeInput[] {
  if (deep === 0) throw wrong(field, 'is nested too deeply')
  return Object.entries(value).flatMap(([key, one]): readonly AttributeInput[] => {
    const name = [...path, key]
    return typeof one === 'object' && one !== null && !Array.isArray(one)
      ? flatten(one as Members, field, name, deep - 1)
      : [{ name: name.join('.'), value: one, where: { field: `${field}.${name.join('.')}` } }]
  })
}
