/** From method and path to what is done: paths are data (the model's locations), so this is a dispatch and no table of patterns. */
import { fault } from '../../faults'
import type { ComputeRecord } from '../../model/records'
import { interfaceMembers } from '../entities/networkinterface'
import { publicLinkMembers } from '../entities/public-link'
import { groupLinkMembers } from '../entities/securitygrouplink'
import { storageLinkMembers } from '../entities/storagelink'
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import { type Catalogue, catalogueOf } from '../model/catalogue'
import { COMPUTE } from '../model/names'
import { namedCategories, oneKind } from '../requests/categories'
import { filterOf, isEmpty } from '../requests/filter'
import { actOnAll } from './act'
import { associate, dissociate, isOwn } from './associate'
import { deleteCompute, deleteComputes, postCompute, putCompute } from './compute'
import { createCompute } from './create'
import { deleted } from './deleted'
import { KIND_ROUTES, type KindRoutes } from './kinds'
import { chosenMembers, listMembers, showModel } from './listing'
import { liveComputes, memberAt } from './members'
import { nothingAt } from './nothing'
import { addOwnMixins, removeOwnMixins } from './own-mixins'
import { methodsAt, type Place, placeAt } from './place'
import { changeProviders } from './provider-mixins'
import { liveStorages } from './storage'

export interface Routes {
  /** Throws Faults. */
  handle(exchange: Exchange): Promise<Answer>
  /** The methods of a path, for anybody: it does not say whether anything is there. */
  options(path: string): Answer
}

export function openRoutes(front: Front): Routes {
  const fixed = catalogueOf(front.model, [])
  return {
    async handle(exchange) {
      // Templates cost a look at what is offered; most paths need none.
      const known = placeAt(exchange.path, fixed)
      const catalogue =
        known === undefined || needsTemplates(exchange, known) ? await front.catalogue(exchange.caller) : fixed
      const place = known ?? placeAt(exchange.path, catalogue)
      if (place === undefined) throw nothingAt(exchange.path)
      return dispatch(front, exchange, place, catalogue)
    },
    options: (path) => ({
      status: 204,
      headers: { Allow: methodsAt(placeAt(path, fixed)).join(', ') },
      body: '',
    }),
  }
}

const needsTemplates = ({ method, action }: Exchange, place: Place): boolean =>
  place.at === 'query' ||
  (place.at === 'collection' && place.of.class === 'mixin') ||
  (place.at === 'unbound' && place.path !== '/') ||
  ((method === 'POST' || method === 'PUT') && action === null)

function dispatch(front: Front, exchange: Exchange, place: Place, catalogue: Catalogue): Promise<Answer> | Answer {
  const method = exchange.method === 'HEAD' ? 'GET' : exchange.method
  const allowed = methodsAt(place)
  if (place.at === 'unbound' && place.path === '/' && method === 'DELETE' && !isFiltered(exchange))
    throw fault('forbidden', 'everything at once cannot be deleted: delete a collection, or say which by a filter')
  if (!allowed.includes(method)) throw undefinedMethod(exchange, allowed)
  switch (place.at) {
    case 'query':
      if (method === 'POST') return addOwnMixins(front, exchange, catalogue)
      return method === 'DELETE' ? removeOwnMixins(front, exchange, catalogue) : showModel(exchange, catalogue)
    case 'unbound':
      if (method === 'POST') return postRoot(front, exchange, catalogue)
      return method === 'DELETE'
        ? deleteBelow(front, exchange, place, catalogue)
        : listMembers(front, exchange, place, catalogue)
    case 'entity':
      return atEntity(front, exchange, place, catalogue, method)
    case 'collection':
      return atCollection(front, exchange, place, catalogue, method)
  }
}

const noActions = (term: string) => fault('unknown-field', `a ${term} has no actions`, { field: 'action', allowed: [] })

const undefinedMethod = ({ method, path }: Exchange, allowed: readonly string[]) =>
  fault('unsupported', `${method} is not defined on ${path.slice(0, 256)}`, { reason: 'method', allowed })

function postRoot(front: Front, exchange: Exchange, catalogue: Catalogue): Promise<Answer> {
  if (exchange.action !== null)
    throw undefinedMethod({ ...exchange, method: 'POST with an action' }, ['GET', 'HEAD', 'DELETE', 'OPTIONS'])
  const document = exchange.document()
  const kinds = (document.entities ?? [document]).map(
    (one) => oneKind(namedCategories(one.categories, front.model, catalogue)).id,
  )
  if (new Set(kinds).size > 1)
    throw fault('combination', 'several entities in one request are of one kind', { field: 'kind' })
  const own = KIND_ROUTES[kinds[0] ?? '']
  if (own !== undefined) return own.create(front, exchange, catalogue)
  return createCompute(front, exchange, catalogue, null)
}

async function atEntity(
  front: Front,
  exchange: Exchange,
  { kind, id }: Extract<Place, { readonly at: 'entity' }>,
  catalogue: Catalogue,
  method: string,
): Promise<Answer> {
  const own = KIND_ROUTES[kind.id]
  if (own !== undefined) return own.entity(front, exchange, catalogue, id, method)
  switch (method) {
    case 'PUT':
      return putCompute(front, exchange, catalogue, id)
    case 'POST':
      return postCompute(front, exchange, catalogue, id)
    case 'DELETE':
      return deleteCompute(front, exchange, id)
    default: {
      const member = await memberAt(front, exchange, kind.id, id)
      return answer(exchange, 'other', (rendering) => rendering.entity(member, exchange.audience))
    }
  }
}

async function atCollection(
  front: Front,
  exchange: Exchange,
  place: Extract<Place, { readonly at: 'collection' }>,
  catalogue: Catalogue,
  method: string,
): Promise<Answer> {
  if (method === 'GET') return listMembers(front, exchange, place, catalogue)
  const own = KIND_ROUTES[place.of.id]
  if (own !== undefined) return atOwnCollection(front, exchange, place, catalogue, method, own)
  if (exchange.action !== null && method === 'POST')
    return actOnAll(front, exchange, exchange.action, await computesOf(front, exchange, place, catalogue))
  if (place.of.class === 'mixin' && isOwn(place.of)) {
    if (method === 'DELETE') return dissociate(front, exchange, catalogue, place.of)
    return associate(front, exchange, catalogue, place.of, method === 'PUT' ? 'exactly' : 'add')
  }
  if (place.of.class === 'mixin')
    return changeProviders(
      front,
      exchange,
      catalogue,
      place.of,
      method === 'PUT' || method === 'DELETE' ? method : 'POST',
    )
  if (method === 'DELETE') return deleteComputes(front, exchange, await computesOf(front, exchange, place, catalogue))
  return createCompute(front, exchange, catalogue, COMPUTE)
}

/** POST, an action or DELETE on the collection of a kind that is no compute. */
async function atOwnCollection(
  front: Front,
  exchange: Exchange,
  place: Extract<Place, { readonly at: 'collection' }>,
  catalogue: Catalogue,
  method: string,
  { create, act, remove }: KindRoutes,
): Promise<Answer> {
  if (method === 'POST' && exchange.action === null) return create(front, exchange, catalogue)
  const change = method === 'DELETE' ? remove : act
  if (change === undefined) throw noActions(place.of.term)
  return change(front, exchange, await chosenMembers(front, exchange, place, catalogue))
}

/** The chosen members, all of which must be computes: an action is for those that have it (GFD.221 §4.5.2). */
async function computesOf(
  front: Front,
  exchange: Exchange,
  place: Extract<Place, { readonly at: 'collection' }>,
  catalogue: Catalogue,
): Promise<readonly ComputeRecord[]> {
  const members = await chosenMembers(front, exchange, place, catalogue)
  const other = members.find(({ path }) => !path.startsWith('/compute/'))
  if (other !== undefined)
    throw fault('combination', `${other.path} is no compute, so this cannot be done on all of them`)
  const paths = new Set(members.map((member) => member.path))
  return (await liveComputes(front, exchange)).filter(({ id }) => paths.has(`/compute/${id}`))
}

const isFiltered = ({ rawHeaders, query }: Exchange): boolean => !isEmpty(filterOf(rawHeaders, query))

/** What GET lists there, with the same filter. Links go with their computes; the provider's networks cannot go at all. */
async function deleteBelow(
  front: Front,
  exchange: Exchange,
  place: Extract<Place, { readonly at: 'unbound' }>,
  catalogue: Catalogue,
): Promise<Answer> {
  const paths = new Set((await chosenMembers(front, exchange, place, catalogue)).map(({ path }) => path))
  const records = (await liveComputes(front, exchange)).filter(({ id }) => paths.has(`/compute/${id}`))
  const storages = (await liveStorages(front, exchange)).filter(({ record }) => paths.has(`/storage/${record.id}`))
  for (const record of records)
    for (const { path } of [
      ...interfaceMembers(front, record),
      ...storageLinkMembers(front, record),
      ...publicLinkMembers(record),
      ...groupLinkMembers(record),
    ])
      paths.delete(path)
  const known = new Set([
    ...records.map(({ id }) => `/compute/${id}`),
    ...storages.map(({ record }) => `/storage/${record.id}`),
  ])
  const left = [...paths].find((path) => !known.has(path))
  if (left !== undefined) throw fault('forbidden', `${left} cannot be deleted, so nothing was`)
  const answered = deleted(exchange)
  const ids = { computes: records.map(({ id }) => id), storages: storages.map(({ record }) => record.id) }
  if (known.size > 0) await front.operations.deleteTogether(exchange.caller, ids)
  return answered
}
