/** application/occi+json, also as application/json (GFD.226). Arrays that would be empty are left out: rOCCI 5 demands one element. */
import { madeAgain } from '../../fragments/again'
import { assemble } from '../../fragments/assemble'
import type { Part } from '../../fragments/piece'
import { allAttributes, isLink, urn } from '../entities/entity'
import { Member, type OcciVersion } from '../entities/member'
import type { ActionCategory, AttributeDefinition, Definitions, KindCategory, MixinCategory } from '../model/category'
import { type AnyEntity, type Audience, body, type Rendered, type Rendering } from './rendering'

const filled = <T>(name: string, all: readonly T[]): Readonly<Record<string, readonly T[]>> =>
  all.length === 0 ? {} : { [name]: all }
const given = <T>(name: string, value: T | null): Readonly<Record<string, T>> =>
  value === null ? {} : { [name]: value }

/** `pattern` is left out: rOCCI-core 5 wants a string there, the standard an object; the description says it in words. */
const definition = ({ mutable, required, type, description, default: fallback }: AttributeDefinition) => ({
  mutable,
  required,
  type,
  ...given('default', fallback),
  ...given('description', description),
})
const definitions = (all: Definitions) =>
  all.size === 0 ? {} : { attributes: Object.fromEntries([...all.values()].map((one) => [one.name, definition(one)])) }

const kind = (one: KindCategory) => ({
  term: one.term,
  scheme: one.scheme,
  ...given('title', one.title),
  ...given('parent', one.parent),
  ...given('location', one.location),
  ...definitions(one.attributes),
  ...filled('actions', one.actions),
})
const mixin = (one: MixinCategory) => ({
  term: one.term,
  scheme: one.scheme,
  ...given('title', one.title),
  ...filled('depends', one.depends),
  ...filled('applies', one.applies),
  location: one.location,
  ...definitions(one.attributes),
  ...filled('actions', one.actions),
})
const action = (one: ActionCategory) => ({
  term: one.term,
  scheme: one.scheme,
  ...given('title', one.title),
  ...definitions(one.attributes),
})

interface JsonEntity {
  readonly [member: string]: unknown
}

function entity(one: AnyEntity): JsonEntity {
  return {
    kind: one.kind,
    id: urn(one.id),
    ...given('title', one.title),
    ...given('summary', one.summary),
    ...filled('mixins', one.mixins),
    attributes: Object.fromEntries(allAttributes(one).map(({ name, value }) => [name, value])),
    ...filled('actions', one.actions),
    ...filled('links', one.links.map(entity)),
    ...(isLink(one)
      ? {
          source: { location: one.source.path, kind: one.source.kind },
          target: { location: one.target.path, kind: one.target.kind },
        }
      : {}),
  }
}

/** One entity; kept per record. */
export const jsonEntity = (one: AnyEntity): string => JSON.stringify(entity(one))

const fragment = (member: Member, { version }: Audience): string => member.fragment(version, jsonEntity)

interface Collected {
  readonly members: readonly Member[]
  readonly runs: readonly Buffer[]
}
/** One of each version: what is kept of a list is kept by who made it. */
const COLLECTORS = { '1.1': {}, '1.2': {} }

const collection = (members: readonly Member[], { version }: Audience): Rendered => {
  const collected = madeAgain<Collected>(members, COLLECTORS[version], (former) =>
    former?.members === members ? former : { members, runs: collect(members, version) },
  )
  return body(collected.runs)
}

function collect(members: readonly Member[], version: OcciVersion): readonly Buffer[] {
  const of = (sort: Member['sort']) =>
    members
      .filter((member) => member.sort === sort)
      .map((member, index) => ({ before: index === 0 ? '' : ',', piece: member.piece(version, jsonEntity) }))
  const array = (name: string, parts: readonly Part[]) => [
    Buffer.from(`"${name}":[`, 'utf8'),
    ...assemble(parts),
    Buffer.from(']', 'utf8'),
  ]
  const links = of('links')
  const resources = of('resources')
  const arrays = [
    ...(resources.length > 0 || links.length === 0 ? [array('resources', resources)] : []),
    ...(links.length > 0 ? [array('links', links)] : []),
  ]
  const comma = arrays.length > 1 ? [Buffer.from(',', 'utf8')] : []
  return [
    Buffer.from('{', 'utf8'),
    ...arrays.slice(0, 1).flat(),
    ...comma,
    ...arrays.slice(1).flat(),
    Buffer.from('}', 'utf8'),
  ]
}

export const json: Rendering = {
  categories: ({ kinds, mixins, actions }) =>
    body(
      JSON.stringify({
        ...filled('kinds', kinds.map(kind)),
        ...filled('mixins', mixins.map(mixin)),
        ...filled('actions', actions.map(action)),
      }),
    ),
  collection,
  entity: (member, audience) => body(fragment(member, audience)),
  created: (member, audience) => body(fragment(member, audience)),
  acted: (done, audience) => (done instanceof Member ? body(fragment(done, audience)) : collection(done, audience)),
}
