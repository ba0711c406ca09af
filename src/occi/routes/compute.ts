/** What can be done with the path of a compute: `/compute/<id>` (GFD.223 §5.5.5). */
import { asFault } from '../../faults'
import { type ComputeId, isUuid } from '../../model/ids'
import type { ComputeRecord } from '../../model/records'
import type { Part } from '../../operations/together/operations'
import { computeEntity, computeMember, isThere } from '../entities/compute'
import type { Member } from '../entities/member'
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { negotiate } from '../negotiation'
import { inOcciFields } from '../requests/in-occi-fields'
import { INTERFACE_FIELDS } from '../requests/interface-values'
import { linkParts, newLinks } from '../requests/link-parts'
import { computeUpdate } from '../requests/update-compute'
import { actOnOne } from './act'
import { createComputeAt } from './create'
import { deleteEach } from './delete-each'
import { liveCompute } from './members'

/** GET, PUT (creates at a fresh path), POST (an action, or a partial update with links to be made), DELETE. */
export async function atCompute(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  id: string,
  method: string,
): Promise<Answer> {
  if (method === 'PUT') return putCompute(front, exchange, catalogue, id)
  const record = await liveCompute(front, exchange, id)
  if (method === 'GET') return show(front, exchange, record)
  // Deleting twice: the second finds nothing.
  if (method === 'DELETE') return deleteEach(front, exchange, [record], computesGoing([computeMember(front, record)]))
  if (exchange.action !== null) return actOnOne(front, exchange, exchange.action, record)
  return update(front, exchange, catalogue, record, 'partial')
}

function show(front: Front, exchange: Exchange, record: ComputeRecord): Answer {
  const member = computeMember(front, record)
  return answer(exchange, 'other', (rendering) => rendering.entity(member, exchange.audience))
}

/** On what is there, makes it what is described. */
async function putCompute(front: Front, exchange: Exchange, catalogue: Catalogue, id: string): Promise<Answer> {
  const record = await ownRecord(front, exchange, id)
  // What is being deleted is not there to be read, but its id is not free either: the operation refuses it.
  if (record === undefined || !isThere(record)) return createComputeAt(front, exchange, catalogue, id)
  return update(front, exchange, catalogue, record, 'whole')
}

async function ownRecord(front: Front, { caller }: Exchange, id: string): Promise<ComputeRecord | undefined> {
  if (!isUuid(id)) return undefined
  try {
    return await front.operations.getCompute(caller, id as ComputeId)
  } catch (thrown) {
    if (asFault(thrown).kind === 'not-found') return undefined
    throw thrown
  }
}

/** What changes and the links that are new, all or none; a whole description leaves links as they are. */
async function update(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  record: ComputeRecord,
  how: 'whole' | 'partial',
): Promise<Answer> {
  negotiate(exchange.accept, 'other')
  const entity = computeEntity(front, record, exchange.audience.version)
  const userData = () => front.operations.userDataOf(record)
  const document = exchange.document()
  const wanted = computeUpdate(document, { record, userData, entity, model: front.model, catalogue }, how)
  const ground = { model: front.model, catalogue, base: exchange.audience.base }
  const linked = how === 'partial' ? linkParts(record.id, newLinks(document.links, entity), ground) : []
  const parts: readonly Part[] = [{ do: 'update', order: { id: record.id, update: wanted } }, ...linked]
  await inOcciFields(INTERFACE_FIELDS, () => front.operations.together(exchange.caller, parts))
  return show(front, exchange, await liveCompute(front, exchange, record.id))
}

/** What deletes them; deleting what is deleted is success. */
export const computesGoing = (members: readonly Member[]): readonly Part<'deleteComputes'>[] => {
  const ids = members.map(({ path }) => path.slice('/compute/'.length) as ComputeId)
  return ids.length === 0 ? [] : [{ do: 'deleteComputes', order: { ids } }]
}
