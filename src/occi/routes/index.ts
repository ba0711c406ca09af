/** From method and path to what is done: paths are data (the model's locations), so this is a dispatch and no table of patterns. */
import { fault } from '../../faults'
import type { Answer, Exchange, Front } from '../exchange'
import { type Catalogue, catalogueOf } from '../model/catalogue'
import { namedCategories, oneKind } from '../requests/categories'
import { filterOf, isEmpty } from '../requests/filter'
import { refusePages } from '../requests/page'
import { refuseTooMany } from './act'
import { actOnMembers } from './act-on-members'
import { associate, dissociate, isOwn } from './associate'
import { deleteBelow } from './delete-below'
import { deleteEach } from './delete-each'
import { showPartnerUses, USES_PATH } from './federation-uses'
import { KIND_ROUTES, type KindRoutes } from './kinds'
import { chosenMembers, listMembers, showModel } from './listing'
import { nothingAt } from './nothing'
import { addOwnMixins, removeOwnMixins } from './own-mixins'
import { methodsAt, type Place, placeAt } from './place'
import { changeProviders } from './provider-mixins'

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
      if (exchange.path === USES_PATH) return showPartnerUses(front, exchange)
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
  if (changesMembers(exchange, place)) refusePages(exchange.query)
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
      return routesOf(place.kind.id).entity(front, exchange, catalogue, place.id, method)
    case 'collection':
      return atCollection(front, exchange, place, catalogue, method)
  }
}

/** Whether members of a collection are ended or acted on: all that GET lists there with the same filter. */
const changesMembers = ({ method, action }: Exchange, { at }: Place): boolean =>
  (at === 'collection' || at === 'unbound') && (method === 'DELETE' || action !== null)

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
  return routesOf(kinds[0] ?? '').create(front, exchange, catalogue)
}

function routesOf(kind: string): KindRoutes {
  const routes = KIND_ROUTES[kind]
  if (routes !== undefined) return routes
  throw fault('unsupported', `no entity is of the kind ${kind} itself`, { field: 'kind' })
}

async function atCollection(
  front: Front,
  exchange: Exchange,
  place: Extract<Place, { readonly at: 'collection' }>,
  catalogue: Catalogue,
  method: string,
): Promise<Answer> {
  if (method === 'GET') return listMembers(front, exchange, place, catalogue)
  if (method === 'POST' && exchange.action !== null) return actOnMembers(front, exchange, place, catalogue)
  const { of } = place
  if (of.class === 'mixin' && isOwn(of)) {
    if (method === 'DELETE') return dissociate(front, exchange, catalogue, of)
    return associate(front, exchange, catalogue, of, method === 'PUT' ? 'exactly' : 'add')
  }
  if (of.class === 'mixin') {
    const how = method === 'PUT' || method === 'DELETE' ? method : 'POST'
    return changeProviders(front, exchange, catalogue, of, how)
  }
  const { create, going } = routesOf(of.id)
  if (method === 'POST') return create(front, exchange, catalogue)
  const members = await chosenMembers(front, exchange, place, catalogue)
  // Before anything is looked at more closely.
  refuseTooMany(members)
  return deleteEach(front, exchange, members, await going(front, exchange, members, []))
}

const isFiltered = ({ rawHeaders, query }: Exchange): boolean => !isEmpty(filterOf(rawHeaders, query))
