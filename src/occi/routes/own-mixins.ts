/** POST and DELETE on the query interface: mixins that users make (GFD.223 §5.5.1). */
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { contentType, negotiate } from '../negotiation'
import { mixinOrders, mixinsToRemove } from '../requests/own-mixins'
import { deleted } from './deleted'

/** JSON gets the mixins as they are now, texts an OK. */
export async function addOwnMixins(front: Front, exchange: Exchange, catalogue: Catalogue): Promise<Answer> {
  const type = negotiate(exchange.accept, 'other')
  const orders = mixinOrders(exchange.document(), { catalogue, base: exchange.audience.base })
  await front.operations.addMixins(exchange.caller, orders)
  if (type.startsWith('text/')) return { status: 200, headers: { 'Content-Type': contentType(type) }, body: 'OK' }
  const now = await front.catalogue(exchange.caller)
  const ids = new Set(orders.map(({ scheme, term }) => scheme + term))
  const mixins = now.mixins.filter(({ id }) => ids.has(id))
  return answer(exchange, 'other', (rendering) => rendering.categories({ kinds: [], actions: [], mixins }))
}

/** Entities that had them stay. */
export async function removeOwnMixins(front: Front, exchange: Exchange, catalogue: Catalogue): Promise<Answer> {
  const answered = deleted(exchange)
  const ids = mixinsToRemove(exchange.document(), { catalogue, base: exchange.audience.base })
  await front.operations.removeMixins(exchange.caller, ids)
  return answered
}
