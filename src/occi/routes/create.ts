/** Creating a compute: POST on its collection or on `/`, PUT to a fresh path (GFD.223 §5.5.2, §5.5.5). */
import { randomUUID } from 'node:crypto'
import { fault } from '../../faults'
import type { AddressId, ComputeId } from '../../model/ids'
import type { ComputeRecord } from '../../model/records'
import type { RunOrder } from '../../operations/operations'
import type { Part } from '../../operations/together/operations'
import { computeMember } from '../entities/compute'
import { type Answer, answerWithAll, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { COMPUTE } from '../model/names'
import { negotiate } from '../negotiation'
import type { Document } from '../parse'
import { namedCategories, oneKind } from '../requests/categories'
import { computeOrder } from '../requests/create-compute'
import { linksIn } from '../requests/links'
import { created } from './created'

/** 201 with Location: of one its own, of several that of their collection. */
export async function createCompute(front: Front, exchange: Exchange, catalogue: Catalogue): Promise<Answer> {
  // Before anything happens: a rendering that cannot be had must not leave a machine behind.
  negotiate(exchange.accept, 'listing')
  const document = exchange.document()
  if (document.entities !== undefined) return createSeveral(front, exchange, catalogue, document.entities)
  return createOne(front, exchange, catalogue, document)
}

/** All or nothing; the answer is their collection. */
async function createSeveral(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  documents: readonly Document[],
): Promise<Answer> {
  if (documents.length === 0) throw fault('missing', 'the request describes no entity', { field: 'resources' })
  const described = documents.map((document) => readOrder(front, exchange, catalogue, document))
  const computes = await runTogether(front, exchange, described)
  const members = computes.map((record) => computeMember(front, record))
  return answerWithAll(exchange, members, {
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
  return createOne(front, exchange, catalogue, document, id as ComputeId)
}

async function createOne(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  document: Document,
  id?: ComputeId,
): Promise<Answer> {
  const { order, addresses } = readOrder(front, exchange, catalogue, document)
  const wanted = { ...order, ...(id === undefined ? {} : { id }) }
  const [record] =
    addresses.length > 0
      ? await runTogether(front, exchange, [{ order: wanted, addresses }])
      : (await front.operations.runComputes(exchange.caller, wanted)).computes
  if (record === undefined) throw fault('internal', 'an order for one machine made none')
  return created(exchange, computeMember(front, record))
}

interface Described {
  readonly order: RunOrder
  /** Reservations that are to lead to it. */
  readonly addresses: readonly AddressId[]
}

/** Machines and what leads to them, in one script. An id that something is to lead to is drawn here. */
async function runTogether(
  { operations }: Front,
  { caller }: Exchange,
  described: readonly Described[],
): Promise<readonly ComputeRecord[]> {
  const parts = described.flatMap(({ order, addresses }): readonly Part<'run' | 'associate'>[] => {
    if (addresses.length === 0) return [{ do: 'run', order }]
    const id = order.id ?? (randomUUID() as ComputeId)
    const links = addresses.map((address) => ({ address, compute: id, former: 'stays' }) as const)
    return [{ do: 'run', order: { ...order, id } }, ...links.map((link) => ({ do: 'associate', order: link }) as const)]
  })
  const done = await operations.together(caller, parts)
  const made = done.flatMap((one) => ('computes' in one ? one.computes : []))
  // What leads to a machine is in its record as it is now, not as it was ordered.
  return Promise.all(
    made.map((record, at) => (described[at]?.addresses.length ? operations.getCompute(caller, record.id) : record)),
  )
}

function readOrder(front: Front, exchange: Exchange, catalogue: Catalogue, document: Document): Described {
  const kind = oneKind(namedCategories(document.categories, front.model, catalogue))
  if (kind.id !== COMPUTE)
    throw fault('combination', `this path takes ${COMPUTE}, the request describes ${kind.id}`, { field: 'kind' })
  const ground = { model: front.model, catalogue, base: exchange.audience.base }
  return { order: computeOrder(document, ground), addresses: linksIn(document.links, ground).addresses }
}
