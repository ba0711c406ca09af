/** Creating a compute: POST on its collection or on `/`, PUT to a fresh path (GFD.223 §5.5.2, §5.5.5). */
import { fault } from '../../faults'
import type { ComputeId } from '../../model/ids'
import type { ComputeRecord } from '../../model/records'
import type { RunOrder } from '../../operations/operations'
import { computeMember } from '../entities/compute'
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { COMPUTE } from '../model/names'
import { negotiate } from '../negotiation'
import type { Document } from '../parse'
import { namedCategories, oneKind } from '../requests/categories'
import { computeOrder } from '../requests/create-compute'
import { created } from './created'

/** `where`: the kind whose collection it was sent to; null on `/`, where any kind will do. 201 with Location. */
export async function createCompute(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  where: string | null,
): Promise<Answer> {
  // Before anything happens: a rendering that cannot be had must not leave a machine behind.
  negotiate(exchange.accept, 'listing')
  const document = exchange.document()
  if (document.entities !== undefined) return createSeveral(front, exchange, catalogue, where, document.entities)
  const order = readOrder(front, exchange, catalogue, where, document)
  const { computes } = await front.operations.runComputes(exchange.caller, order)
  return computesCreated(front, exchange, computes)
}

/** All or nothing; the answer is their collection. */
async function createSeveral(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  where: string | null,
  documents: readonly Document[],
): Promise<Answer> {
  if (documents.length === 0) throw fault('missing', 'the request describes no entity', { field: 'resources' })
  const orders = documents.map((document) => readOrder(front, exchange, catalogue, where, document))
  const computes = await front.operations.runEach(exchange.caller, orders)
  const members = computes.map((record) => computeMember(front, record))
  return answer(exchange, 'listing', (rendering) => rendering.collection(members, exchange.audience), {
    status: 201,
    headers: { Location: `${exchange.audience.base}/compute/` },
  })
}

/** PUT to a path where nothing is: its last part becomes the id. Operations refuse one that cannot be had. */
export async function createComputeAt(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  id: string,
): Promise<Answer> {
  negotiate(exchange.accept, 'listing')
  const document = exchange.document()
  if (document.entities !== undefined)
    throw fault('combination', `${document.entities.length} entities are described for the path of one`)
  const order = readOrder(front, exchange, catalogue, COMPUTE, document)
  const { computes } = await front.operations.runComputes(exchange.caller, { ...order, id: id as ComputeId })
  return computesCreated(front, exchange, computes)
}

function readOrder(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  where: string | null,
  document: Document,
): RunOrder {
  const kind = oneKind(namedCategories(document.categories, front.model, catalogue))
  if (where !== null && kind.id !== where)
    throw fault('combination', `this path takes ${where}, the request describes ${kind.id}`, { field: 'kind' })
  return computeOrder(document, { model: front.model, catalogue, base: exchange.audience.base })
}

function computesCreated(front: Front, exchange: Exchange, computes: readonly ComputeRecord[]): Answer {
  const [record] = computes
  if (record === undefined) throw fault('internal', 'an order for one machine made none')
  const member = computeMember(front, record)
  return created(exchange, member)
}
