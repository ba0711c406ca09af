/** A network record as OCCI shows it, always with its IP range (GFD.224 §3.2). Never: the bridge, nor a host's name. */
import { type NetworkRecord, networkActions, networkMessage, occiNetworkState } from '../../model/records'
import { IPNETWORK, NETWORK, NETWORK_ACTIONS, SUBNET } from '../model/names'
import type { Entity } from './entity'
import { Member, type OcciVersion } from './member'

const members = new WeakMap<NetworkRecord, Member>()

/** The record's one member; kept as long as the record. */
export function networkMember(record: NetworkRecord): Member {
  const make = (version: OcciVersion): Entity => networkEntity(record, version)
  const known = members.get(record) ?? new Member(`/network/${record.id}`, 'resources', make)
  members.set(record, known)
  return known
}

export function networkEntity(record: NetworkRecord, version: OcciVersion): Entity {
  const { wish, project } = record
  const isOwn = project !== null
  const state = occiNetworkState(record)
  const message = networkMessage(record)
  const optional = (name: string, value: string | undefined) => (value ? [{ name, value }] : [])
  return {
    kind: NETWORK,
    id: record.id,
    path: `/network/${record.id}`,
    title: wish.title || (isOwn ? null : wish.name),
    summary: wish.summary ?? null,
    mixins: [IPNETWORK, ...(isOwn ? [SUBNET] : [])],
    attributes: [
      ...(wish.vlan === null ? [] : [{ name: 'occi.network.vlan', value: wish.vlan }]),
      ...optional('occi.network.label', wish.label),
      { name: 'occi.network.address', value: wish.cidr },
      ...optional('occi.network.gateway', wish.gateway),
      { name: 'occi.network.allocation', value: wish.allocation ?? 'dynamic' },
      // The 1.1 model has no state error; the message says what is wrong.
      { name: 'occi.network.state', value: version === '1.1' && state === 'error' ? 'inactive' : state },
      ...optional('occi.network.state.message', message ?? undefined),
      ...(isOwn ? [{ name: 'org.occi-gateway.subnet.name', value: wish.subnet }] : []),
    ],
    actions: networkActions(record).map((term) => NETWORK_ACTIONS + term),
    links: [],
  }
}
