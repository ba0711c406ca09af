/** What can be done with the path of a compute: `/compute/<id>` (GFD.223 §5.5.5). */
import { asFault } from '../../faults'
import { type ComputeId, isUuid } from '../../model/ids'
import type { ComputeRecord } from '../../model/records'
import { computeEntity, computeMember, isThere } from '../entities/compute'
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { contentType, isJson, negotiate } from '../negotiation'
import { refuseChanges } from '../requests/update-compute'
import { actOnOne, refuseTooMany } from './act'
import { createComputeAt } from './create'
import { liveCompute } from './members'

/** Creates at a fresh path; on what is there, succeeds when nothing would change. */
export async function putCompute(front: Front, exchange: Exchange, catalogue: Catalogue, id: string): Promise<Answer> {
  const record = await ownRecord(front, exchange, id)
  // What is being deleted is not there to be read, but its id is not free either: the operation refuses it.
  if (record === undefined || !isThere(record)) return createComputeAt(front, exchange, catalogue, id)
  return unchanged(front, exchange, catalogue, record, 'whole')
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

/** An action, or a partial update. */
export async function postCompute(front: Front, exchange: Exchange, catalogue: Catalogue, id: string): Promise<Answer> {
  const record = await liveCompute(front, exchange, id)
  return exchange.action === null
    ? unchanged(front, exchange, catalogue, record, 'partial')
    : actOnOne(front, exchange, exchange.action, record)
}

function unchanged(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  record: ComputeRecord,
  how: 'whole' | 'partial',
): Answer {
  negotiate(exchange.accept, 'other')
  const entity = computeEntity(front, record, exchange.audience.version)
  const userData = () => front.operations.userDataOf(record)
  refuseChanges(exchange.document(), { record, userData, entity, model: front.model, catalogue }, how)
  const member = computeMember(front, record)
  return answer(exchange, 'other', (rendering) => rendering.entity(member, exchange.audience))
}

/** Deleting twice: the second finds nothing. */
export async function deleteCompute(front: Front, exchange: Exchange, id: string): Promise<Answer> {
  const record = await liveCompute(front, exchange, id)
  const { caller } = exchange
  const answered = deleted(exchange)
  await front.operations.deleteComputes(caller, { ids: [record.id] })
  return answered
}

/** All or nothing. Throws 'too-large' for more than a thousand, with nothing changed. */
export async function deleteComputes(
  front: Front,
  exchange: Exchange,
  records: readonly ComputeRecord[],
): Promise<Answer> {
  refuseTooMany(records)
  const answered = deleted(exchange)
  if (records.length > 0)
    await front.operations.deleteComputes(exchange.caller, { ids: records.map((record) => record.id) })
  return answered
}

/** Texts say OK; JSON has nothing to say, and an empty body would be none. Checked before anything is deleted. */
function deleted(exchange: Exchange): Answer {
  const type = negotiate(exchange.accept, 'listing')
  if (isJson(type) || type === 'text/uri-list') return { status: 204, headers: {}, body: '' }
  return { status: 200, headers: { 'Content-Type': contentType(type) }, body: 'OK' }
}
