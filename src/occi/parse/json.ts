/**
 * application/occi+json (GFD.226): a resource, a link, an action invocation, a collection of one of them, or a list of
 * locations. The draft of 1.1 days is read too: nested attributes, targets as plain strings (occi reference §11.3).
 */
import { type Fault, fault } from '../../faults'
import {
  type AttributeInput,
  type CategoryInput,
  type Document,
  type LinkInput,
  NOTHING,
  withinLimits,
} from './document'

type Members = Readonly<Record<string, unknown>>

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

/** Throws 'malformed' with line and column or with the key, 'unsupported' for more than one entity, 'too-large'. */
export function parseJson(text: string): Document {
  const content = syntax(text)
  if (Array.isArray(content))
    return withinLimits({ ...NOTHING, locations: content.map((one, index) => string(one, `[${index}]`)) })
  const members = object(content, 'the body')
  if ('action' in members) return withinLimits(invocation(members))
  if ('resources' in members || ('links' in members && !('kind' in members) && !('attributes' in members)))
    return withinLimits(entity(onlyOne(members), ''))
  return withinLimits(entity(members, ''))
}

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

function onlyOne(members: Members): Members {
  only(members, COLLECTION_MEMBERS, '')
  const all = [...array(members.resources, 'resources'), ...array(members.links, 'links')]
  const [one, ...more] = all
  if (one === undefined) throw wrong('resources', 'names no entity')
  if (more.length > 0) throw fault('unsupported', `one request makes one entity here, not ${all.length}`)
  return object(one, 'resources[0]')
}

function entity(members: Members, prefix: string): Document {
  only(members, ENTITY_MEMBERS, prefix)
  const category = (id: unknown, of: 'kind' | 'mixin', field: string): CategoryInput => ({
    id: string(id, field),
    class: of,
    where: { field },
  })
  const kinds = members.kind === undefined ? [] : [category(members.kind, 'kind', `${prefix}kind`)]
  const mixins = array(members.mixins, `${prefix}mixins`).map((id, index) =>
    category(id, 'mixin', `${prefix}mixins[${index}]`),
  )
  return {
    categories: [...kinds, ...mixins],
    attributes: withTopLevel(members, attributes(members.attributes, `${prefix}attributes`), prefix),
    links: array(members.links, `${prefix}links`).map((one, index) => link(one, `${prefix}links[${index}]`)),
    locations: [],
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

// ---------------------------------------------------------------- what a value must be

const wrong = (field: string, reason: string): Fault => fault('malformed', `${field} ${reason}`, { field })

function string(value: unknown, field: string): string {
  if (typeof value !== 'string') throw wrong(field, 'must be a string')
  return value
}

function array(value: unknown, field: string): readonly unknown[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw wrong(field, 'must be an array')
  return value
}

function object(value: unknown, field: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(field, 'must be an object')
  return value as Members
}

function only(members: Members, known: ReadonlySet<string>, prefix: string): void {
  const strange = Object.keys(members).find((name) => !known.has(name))
  if (strange !== undefined)
    throw fault(
      'malformed',
      `there is no member ${JSON.stringify(prefix + strange)} here; known: ${[...known].join(', ')}`,
      {
        field: prefix + strange,
        allowed: [...known],
      },
    )
}
