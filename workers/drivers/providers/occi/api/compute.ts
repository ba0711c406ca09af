/** Computes as a server tells of them. What is no compute is no compute: then the whole answer is not believed. Pure. */
import { isIP } from 'node:net'
import { fault } from '../../../../../src/faults'
import type { StartTold } from '../../../../../src/model/federation'
import type { Document } from '../../../../../src/model/occi/document'
import { array, type Members, object, string } from '../../../../../src/model/occi/json-values'
import { COMPUTE_ACTIONS, ORIGIN_START } from '../../../../../src/model/occi/names'

export interface Compute {
  /** Path there, `/compute/…`: what it is known by. */
  readonly location: string
  readonly title: string | null
  readonly summary: string | null
  /** `active`, `inactive`, `suspended`, `error`, or a word of the server's own. */
  readonly state: string
  /** Terms of the actions that apply now. */
  readonly actions: ReadonlySet<string>
  readonly addresses: readonly string[]
  /** Of a machine that has not run yet, by a gateway of our own kind; null: nobody says so. */
  readonly start: StartTold | null
}

const ADDRESS = 'occi.networkinterface.address'
const STATE = 'occi.compute.state'

type Attributes = ReadonlyMap<string, unknown>

const textIn = (attributes: Attributes, name: string): string | null => {
  const value = attributes.get(name)
  return typeof value === 'string' && value !== '' ? value : null
}

function computeOf(
  location: string,
  attributes: Attributes,
  more: Pick<Compute, 'actions' | 'addresses'> & Partial<Pick<Compute, 'title' | 'summary'>>,
): Compute {
  const state = textIn(attributes, STATE)
  if (state === null) throw fault('malformed', `${location} has no ${STATE}`, { field: STATE })
  return {
    location,
    title: textIn(attributes, 'occi.core.title'),
    summary: textIn(attributes, 'occi.core.summary'),
    ...more,
    state,
    start: startIn(attributes),
  }
}

function startIn(attributes: Attributes): StartTold | null {
  const told = attributes.get(ORIGIN_START)
  return told === 'awaited' || told === 'given-up' ? told : null
}

const termsOf = (ids: readonly string[]): ReadonlySet<string> =>
  new Set(ids.flatMap((id) => (id.startsWith(COMPUTE_ACTIONS) ? [id.slice(COMPUTE_ACTIONS.length)] : [])))

/** What is none is nothing to anybody. */
const addressesOf = (values: readonly unknown[]): readonly string[] =>
  values.filter((value): value is string => typeof value === 'string' && isIP(value) !== 0)

/** Throws 'malformed' for what is no compute. */
export const textCompute = (location: string, { attributes, links }: Document): Compute =>
  computeOf(location, new Map(attributes.map(({ name, value }) => [name, value])), {
    actions: termsOf(links.flatMap(({ rel }) => rel)),
    addresses: addressesOf(
      links.flatMap((link) => link.attributes.filter(({ name }) => name === ADDRESS).map(({ value }) => value)),
    ),
  })

/** Throws 'malformed' for what is no compute. `collection`: path of all of them, which with its id makes its own (so does rOCCI). */
export function jsonCompute(value: unknown, collection: string): Compute {
  const members = object(value, 'resource')
  const id = string(members.id, 'id').replace(/^urn:uuid:/i, '')
  const location = id.includes('/') ? id : `${collection}${id}`
  const attributes = new Map(Object.entries(object(members.attributes ?? {}, 'attributes')))
  const links = array(members.links, 'links').filter((one) => typeof one === 'object' && one !== null) as Members[]
  const top = (name: 'title' | 'summary') => (typeof members[name] === 'string' ? { [name]: members[name] } : {})
  return computeOf(location, attributes, {
    ...top('title'),
    ...top('summary'),
    actions: termsOf(array(members.actions, 'actions').map((one) => string(one, 'actions'))),
    addresses: addressesOf(links.map((link) => (link.attributes as Members | undefined)?.[ADDRESS])),
  })
}

/** The members of a collection in full (GFD.226 §5.2). Throws 'malformed' for what is none. */
export function jsonComputes(value: unknown, collection: string): readonly Compute[] {
  const members = object(value, 'the answer')
  if (!('resources' in members)) throw fault('malformed', 'the answer is no collection of resources')
  return array(members.resources, 'resources').map((one) => jsonCompute(one, collection))
}
