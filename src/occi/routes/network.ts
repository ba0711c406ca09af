/** What can be done with `/network/` and `/network/<id>` (GFD.223 §5.5, GFD.224 §3.2). Networks for everybody are only read. */
import { isUuid, type NetworkId } from '../../model/ids'
import type { NetworkRecord } from '../../model/records'
import type { Part } from '../../operations/together/operations'
import { networkEntity, networkMember } from '../entities/network'
import type { Answer, Exchange, Front } from '../exchange'
import type { Catalogue } from '../model/catalogue'
import { NETWORK_ACTIONS } from '../model/names'
import { negotiate } from '../negotiation'
import { describesOne } from '../requests/describes-one'
import { inOcciFields } from '../requests/in-occi-fields'
import { NETWORK_FIELDS, networkChange, networkOrder, networkValues } from '../requests/network-values'
import { servedAction } from '../requests/served-action'
import { actOnEach, atPath } from './at-path'
import { createEach } from './create-each'
import { nothingAt } from './nothing'

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
export const createNetwork = (front: Front, exchange: Exchange, catalogue: Catalogue, id?: string): Promise<Answer> =>
  createEach<'createNetwork'>(front, exchange, {
    folder: '/network/',
    at: id === undefined ? 'collection' : 'path',
    fields: NETWORK_FIELDS,
    order: (document) => ({
      do: 'createNetwork',
      order: {
        ...networkOrder(networkValues(document, { model: front.model, catalogue }, undefined, 'whole')),
        ...(id === undefined ? {} : { id: id as NetworkId }),
      },
    }),
    member: networkMember,
  })

async function update(
  front: Front,
  exchange: Exchange,
  catalogue: Catalogue,
  record: NetworkRecord,
  how: 'whole' | 'partial',
): Promise<NetworkRecord> {
  const shown = networkEntity(record, exchange.audience.version)
  const values = networkValues(describesOne(exchange.document()), { model: front.model, catalogue }, shown, how)
  const change = networkChange(record, values, how)
  // Sending back what was read changes nothing, whoever's network it is.
  if (Object.keys(change).length === 0) return record
  const order = { ...change, network: record.id }
  return inOcciFields(NETWORK_FIELDS, () => front.operations.changeNetwork(exchange.caller, order))
}

/** Up or down, all or none. Throws 'state' for one that has that level already, 'in-use' naming machines, 'forbidden'. */
function act(front: Front, exchange: Exchange, records: readonly NetworkRecord[]): Promise<readonly NetworkRecord[]> {
  negotiate(exchange.accept, 'other')
  const actions = { what: 'a network', scheme: NETWORK_ACTIONS }
  const { term } = servedAction(exchange.action ?? '', exchange.document(), front.model, actions)
  const parts = records.map(({ id }): Part<'changeNetwork'> => {
    return { do: 'changeNetwork', order: { network: id, up: term === 'up', sameLevel: 'refuse' } }
  })
  return front.operations.together(exchange.caller, parts)
}

/**
 * The caller's own among these, all or nothing: those for everybody stay. Throws 'in-use' (409) saying by what, 'forbidden' where none
 * is the caller's own, with nothing changed.
 */
export function networksGoing(records: readonly NetworkRecord[]): readonly Part<'deleteNetworks'>[] {
  const own = records.filter(({ project }) => project !== null)
  const ids = (own.length > 0 ? own : records).map(({ id }) => id)
  return ids.length === 0 ? [] : [{ do: 'deleteNetworks', order: { ids } }]
}

const KIND = {
  what: 'a network',
  live: liveNetwork,
  member: (_front: Front, record: NetworkRecord) => networkMember(record),
  create: createNetwork,
  update,
  going: (_front: Front, record: NetworkRecord) => networksGoing([record]),
  act,
}

export const atNetwork = atPath<NetworkRecord>(KIND)

export const actOnNetworks = actOnEach<NetworkRecord>(KIND)
