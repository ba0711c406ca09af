/** What can be done with `/network/` and `/network/<id>` (GFD.223 §5.5, GFD.224 §3.2). Networks for everybody are only read. */
import { fault } from '../../faults'
import { isUuid, type NetworkId } from '../../model/ids'
import { isUp, type NetworkRecord } from '../../model/records'
import { networkEntity, networkMember } from '../entities/network'
import { type Answer, answer, type Exchange, type Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { NETWORK_ACTIONS } from '../model/names'
import { negotiate } from '../negotiation'
import { describesOne } from '../requests/describes-one'
import { inOcciFields } from '../requests/in-occi-fields'
import { NETWORK_FIELDS, networkChange, networkOrder, networkValues } from '../requests/network-values'
import { servedAction } from '../requests/served-action'
import { refuseTooMany } from './act'
import { created } from './created'
import { deleted } from './deleted'
import { nothingAt } from './nothing'
import { orAbsent } from './or-absent'

/** Those for everybody and the caller's own, in order of creation. */
export const liveNetworks = async (
  { operations }: Front,
  { caller }: Pick<Exchange, 'caller'>,
): Promise<readonly NetworkRecord[]> => (await operations.listNetworks(caller)).filter(({ wish }) => wish.exists)

/** Throws 'not-found', also for what its owner deleted and for what another project has. */
export async function liveNetwork(
  { operations }: Front,
  { caller, path }: Pick<Exchange, 'caller' | 'path'>,
  id: string,
): Promise<NetworkRecord> {
  if (!isUuid(id)) throw nothingAt(path)
  const record = await operations.getNetwork(caller, id as NetworkId)
  if (!record.wish.exists) throw nothingAt(path)
  return record
}

/** 201 with Location. */
export async function createNetwork(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  id?: string,
): Promise<Answer> {
  negotiate(exchange.accept, 'listing')
  const values = networkValues(describesOne(exchange.document()), { model: front.model, catalogue }, undefined, 'whole')
  const order = { ...networkOrder(values), ...(id === undefined ? {} : { id: id as NetworkId }) }
  const record = await inOcciFields(NETWORK_FIELDS, () => front.operations.createNetwork(exchange.caller, order))
  const member = networkMember(record)
  return created(exchange, member)
}

export async function atNetwork(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  id: string,
  method: string,
): Promise<Answer> {
  if (method === 'PUT') return putNetwork(front, exchange, catalogue, id)
  const record = await liveNetwork(front, exchange, id)
  if (method === 'GET') return show(exchange, record)
  if (method === 'DELETE') return deleteNetworks(front, exchange, [record])
  if (exchange.action === null) return update(front, exchange, catalogue, record, 'partial')
  const [done = record] = await act(front, exchange, [record])
  return answer(exchange, 'other', (rendering) => rendering.acted(networkMember(done), exchange.audience))
}

const show = (exchange: Exchange, record: NetworkRecord): Answer =>
  answer(exchange, 'other', (rendering) => rendering.entity(networkMember(record), exchange.audience))

/** Creates at a fresh path; changes what is there. */
async function putNetwork(front: Front, exchange: Exchange, catalogue: Catalogue, id: string): Promise<Answer> {
  const record = await orAbsent(liveNetwork(front, exchange, id))
  return record === undefined
    ? createNetwork(front, exchange, catalogue, id)
    : update(front, exchange, catalogue, record, 'whole')
}

async function update(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  record: NetworkRecord,
  how: 'whole' | 'partial',
): Promise<Answer> {
  negotiate(exchange.accept, 'other')
  const shown = networkEntity(record, exchange.audience.version)
  const values = networkValues(describesOne(exchange.document()), { model: front.model, catalogue }, shown, how)
  const change = networkChange(record, values, how)
  // Sending back what was read changes nothing, whoever's network it is.
  if (Object.keys(change).length === 0) return show(exchange, record)
  const order = { ...change, network: record.id }
  return show(
    exchange,
    await inOcciFields(NETWORK_FIELDS, () => front.operations.changeNetwork(exchange.caller, order)),
  )
}

/** Up or down, all or nothing: each is checked before the first is changed. */
async function act(
  front: Front,
  exchange: Exchange,
  records: readonly NetworkRecord[],
): Promise<readonly NetworkRecord[]> {
  negotiate(exchange.accept, 'other')
  const actions = { what: 'a network', scheme: NETWORK_ACTIONS }
  const { term } = servedAction(exchange.action ?? '', exchange.document(), front.model, actions)
  const up = term === 'up'
  const change = (record: NetworkRecord, dryRun: { readonly dryRun?: boolean }) =>
    front.operations.changeNetwork(exchange.caller, { network: record.id, up, ...dryRun })
  for (const record of records) {
    if (isUp(record) === up && record.project !== null)
      throw fault('state', `the network ${record.id} is ${term} already`, {
        subject: { kind: 'network', id: record.id },
        allowed: [up ? 'down' : 'up'],
      })
    await change(record, { dryRun: true })
  }
  const done: NetworkRecord[] = []
  for (const record of records) done.push(await change(record, {}))
  return done
}

export async function actOnNetworks(
  front: Front,
  exchange: Exchange,
  records: readonly NetworkRecord[],
): Promise<Answer> {
  refuseTooMany(records)
  const members = (await act(front, exchange, records)).map(networkMember)
  return answer(exchange, 'other', (rendering) => rendering.acted(members, exchange.audience))
}

/**
 * The caller's own among these, all or nothing: those for everybody stay. Throws 'in-use' (409) saying by what, 'forbidden' where none
 * is the caller's own, with nothing changed.
 */
export async function deleteNetworks(
  front: Front,
  exchange: Exchange,
  records: readonly NetworkRecord[],
): Promise<Answer> {
  refuseTooMany(records)
  const answered = deleted(exchange)
  const own = records.filter(({ project }) => project !== null)
  const ids = (own.length > 0 ? own : records).map(({ id }) => id)
  if (ids.length > 0) await front.operations.deleteNetworks(exchange.caller, { ids })
  return answered
}
