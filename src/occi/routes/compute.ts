/** What can be done with the path of a compute: `/compute/<id>` (GFD.223 §5.5.5). */
import { asFault } from '../../faults'
import { type ComputeId, isUuid } from '../../model/ids'
import type { ComputeRecord } from '../../model/records'
import { computeEntity, computeMember, isThere } from '../entities/compute'
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { negotiate } from '../negotiation'
import { computeUpdate } from '../requests/update-compute'
import { actOnOne, refuseTooMany } from './act'
import { createComputeAt } from './create'
import { deleted } from './deleted'
import { liveCompute } from './members'

/** Creates at a fresh path; on what is there, makes it what is described. */
export async function putCompute(front: Front, exchange: Exchange, catalogue: Catalogue, id: string): Promise<Answer> {
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

/** An action, or a partial update. */
export async function postCompute(front: Front, exchange: Exchange, catalogue: Catalogue, id: string): Promise<Answer> {
  const record = await liveCompute(front, exchange, id)
  return exchange.action === null
    ? update(front, exchange, catalogue, record, 'partial')
    : actOnOne(front, exchange, exchange.action, record)
}

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
  const wanted = computeUpdate(exchange.document(), { record, userData, entity, model: front.model, catalogue }, how)
  const after = await front.operations.updateCompute(exchange.caller, record.id, wanted)
  const member = computeMember(front, after)
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
