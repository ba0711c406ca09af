/** GET on the query interface and on collections, bound and unbound (GFD.223 §5.5.1, §5.5.2, §5.5.4). */
import { fault } from '../../faults'
import type { Member } from '../entities/member'
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import type { Category } from '../model/category'
import { filterOf, isEmpty, keeps } from '../requests/filter'
import { pageOf } from '../requests/page'
import { allMembers, inAnyOf, membersOfKind, withMixin } from './members'
import type { Place } from './place'

/** Everything that the server can do; with a filter exactly the categories named. Throws 'not-found' for one that is unknown. */
export function showModel(exchange: Exchange, catalogue: Catalogue): Answer {
  const { categories } = filterOf(exchange.rawHeaders, exchange.query)
  const unknown = categories.find((id) => catalogue.find(id) === undefined)
  if (unknown !== undefined) throw fault('not-found', `there is no category ${unknown} here`)
  const wanted = <T extends Category>(all: readonly T[]): readonly T[] =>
    categories.length === 0 ? all : all.filter(({ id }) => categories.includes(id))
  const chosen = {
    kinds: wanted(catalogue.kinds),
    mixins: wanted(catalogue.mixins),
    actions: wanted(catalogue.actions),
  }
  return answer(exchange, 'other', (rendering) => rendering.categories(chosen))
}

type Listed = Extract<Place, { readonly at: 'collection' | 'unbound' }>

/** The members of a collection that pass the request's filter. In an action, headers of text/occi say what to do, so only the query filters. */
export async function chosenMembers(
  front: Front,
  exchange: Exchange,
  place: Listed,
  catalogue: Catalogue,
): Promise<readonly Member[]> {
  const filter = filterOf(exchange.action === null ? exchange.rawHeaders : [], exchange.query)
  const members = await membersOf(front, exchange, place, catalogue)
  return isEmpty(filter) ? members : members.filter((member) => keeps(filter, member.entity(exchange.audience.version)))
}

async function membersOf(
  front: Front,
  exchange: Exchange,
  place: Listed,
  catalogue: Catalogue,
): Promise<readonly Member[]> {
  if (place.at === 'collection' && place.of.class === 'kind') return membersOfKind(front, exchange, place.of.id)
  const all = await allMembers(front, exchange)
  if (place.at === 'unbound') return place.path === '/' ? all : inAnyOf(all, catalogue.below(place.path), exchange)
  return place.of.class === 'mixin' ? withMixin(all, place.of, catalogue, exchange) : []
}

export async function listMembers(
  front: Front,
  exchange: Exchange,
  place: Listed,
  catalogue: Catalogue,
): Promise<Answer> {
  const members = pageOf(await chosenMembers(front, exchange, place, catalogue), exchange.query)
  return answer(exchange, 'listing', (rendering) => rendering.collection(members, exchange.audience))
}
