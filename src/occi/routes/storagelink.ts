/** What can be done with `/storagelink/` and `/storagelink/<id>`: attaching and detaching (GFD.224 §3.4.2). */

import { fault } from '../../faults'
import type { ComputeId, StorageId } from '../../model/ids'
import type { AttachOrder } from '../../operations/storage/operations'
import { isLink, type LinkEntity } from '../entities/entity'
import type { Member } from '../entities/member'
import { storageLinkId, storageLinkMembers } from '../entities/storagelink'
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import type { KindCategory } from '../model/category'
import { STORAGELINK } from '../model/names'
import { negotiate } from '../negotiation'
import { idAt } from '../path'
import { namedCategories, oneKind } from '../requests/categories'
import { describesOne } from '../requests/describes-one'
import { entityValues, textIn, type Values } from '../requests/entity-values'
import { linkEnds, refuseLinkChanges } from '../requests/link-ends'
import { created } from './created'
import { deleted } from './deleted'
import { memberAt } from './members'
import { nothingAt } from './nothing'

function described({ model }: Front, exchange: Exchange, catalogue: Catalogue, present?: LinkEntity): Values {
  const document = describesOne(exchange.document())
  const named = namedCategories(document.categories, model, catalogue)
  if (present === undefined || named.kinds.length > 0) {
    const kind = oneKind(named)
    if (kind.id !== STORAGELINK)
      throw fault('combination', `this path takes ${STORAGELINK}, the request describes ${kind.id}`, { field: 'kind' })
  }
  return entityValues(document.attributes, model.find(STORAGELINK) as KindCategory, present)
}

function attachOrder(values: Values, base: string): AttachOrder {
  const { source, target } = linkEnds(values)
  const device = textIn(values, 'occi.storagelink.deviceid')
  const mountpoint = textIn(values, 'occi.storagelink.mountpoint')
  return {
    compute: idAt(source, base, '/compute/') as ComputeId,
    storage: idAt(target, base, '/storage/') as StorageId,
    ...(device === undefined ? {} : { device }),
    ...(mountpoint === undefined ? {} : { mountpoint }),
  }
}

/** 201 with Location: the volume is on its way to its machine. */
export async function createStorageLink(front: Front, exchange: Exchange, catalogue: Catalogue): Promise<Answer> {
  negotiate(exchange.accept, 'listing')
  const order = attachOrder(described(front, exchange, catalogue), exchange.audience.base)
  const { record, attachment } = await front.operations.attachStorage(exchange.caller, order)
  if (attachment === undefined) throw fault('internal', 'an attachment was made and is not there')
  const id = storageLinkId(order.compute, { name: record.wish.name, since: attachment.holder.since })
  const compute = await front.operations.getCompute(exchange.caller, order.compute)
  const member = storageLinkMembers(front, compute).find(({ path }) => path.endsWith(id))
  if (member === undefined) throw fault('conflict', 'the link was removed while it was being made')
  return created(exchange, member)
}

/** GET, DELETE (detaches), PUT and partial POST of what is there already; what a link joins is not changed (409 would be a new link). */
export async function atStorageLink(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  id: string,
  method: string,
): Promise<Answer> {
  const member = await memberAt(front, exchange, STORAGELINK, id)
  const link = member.entity(exchange.audience.version)
  if (!isLink(link)) throw nothingAt(exchange.path)
  if (method === 'DELETE') return deleteStorageLinks(front, exchange, [member])
  if (method !== 'GET') refuseLinkChanges(described(front, exchange, catalogue, link), link, exchange.audience.base)
  return answer(exchange, 'other', (rendering) => rendering.entity(member, exchange.audience))
}

/** Detaches all or none. */
export async function deleteStorageLinks(
  front: Front,
  exchange: Exchange,
  members: readonly Member[],
): Promise<Answer> {
  const { version, base } = exchange.audience
  const answered = deleted(exchange)
  const orders = members.flatMap((member) => {
    const link = member.entity(version)
    if (!isLink(link)) return []
    const compute = idAt(link.source.path, base, '/compute/') as ComputeId
    return [{ storage: idAt(link.target.path, base, '/storage/') as StorageId, compute }]
  })
  if (orders.length > 0) await front.operations.detachStorages(exchange.caller, orders)
  return answered
}
