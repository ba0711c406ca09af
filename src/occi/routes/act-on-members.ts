/** `?action=` on a collection (GFD.223 §5.5.5): on all of its members, which are of one kind, or on none. */
import { fault } from '../../faults'
import type { Member } from '../entities/member'
import type { Answer, Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import type { KindCategory } from '../model/category'
import { COMPUTE } from '../model/names'
import { KIND_ROUTES } from './kinds'
import { chosenMembers } from './listing'
import type { Place } from './place'

type Collection = Extract<Place, { readonly at: 'collection' }>

/** An empty collection is done at once. Throws 'combination' for members of several kinds, 'unknown-field' for a kind without actions. */
export async function actOnMembers(
  front: Front,
  exchange: Exchange,
  place: Collection,
  catalogue: Catalogue,
): Promise<Answer> {
  const members = await chosenMembers(front, exchange, place, catalogue)
  const kind = place.of.class === 'kind' ? place.of : kindOf(members, front, exchange)
  const act = KIND_ROUTES[kind.id]?.act
  if (act === undefined) throw fault('unknown-field', `a ${kind.term} has no actions`, { field: 'action', allowed: [] })
  return act(front, exchange, members)
}

/** An action is for members that all have it (GFD.221 §4.5.2). Of none, the action says what they would be. */
function kindOf(members: readonly Member[], { model }: Front, exchange: Exchange): KindCategory {
  const [id, ...more] = new Set(members.map((member) => member.entity(exchange.audience.version).kind))
  if (more.length > 0)
    throw fault('combination', `an action is for entities of one kind; here are ${[id, ...more].join(', ')}`, {
      field: 'action',
    })
  const kind = model.find(id ?? kindWithAction(exchange, model) ?? COMPUTE)
  if (kind?.class === 'kind') return kind
  throw fault('internal', 'the model has no such kind')
}

function kindWithAction(exchange: Exchange, { announced }: Front['model']): string | undefined {
  const named = exchange.document().categories[0]?.id
  const isMeant = (action: string) => (named === undefined ? action.endsWith(`#${exchange.action}`) : action === named)
  return announced.kinds.find(({ actions }) => actions.some(isMeant))?.id
}
