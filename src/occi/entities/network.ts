/** A network record as OCCI shows it, always with its IP range (GFD.224 §3.2). */
import type { NetworkRecord } from '../../model/records'
import { IPNETWORK, NETWORK } from '../model/names'
import type { Entity } from './entity'
import { Member } from './member'

const members = new WeakMap<NetworkRecord, Member>()

/** The record's one member; kept as long as the record. */
export function networkMember(record: NetworkRecord): Member {
  const known = members.get(record) ?? new Member(`/network/${record.id}`, 'resources', () => networkEntity(record))
  members.set(record, known)
  return known
}

export function networkEntity(record: NetworkRecord): Entity {
  const { wish, seen } = record
  return {
    kind: NETWORK,
    id: record.id,
    path: `/network/${record.id}`,
    title: wish.title || wish.name,
    summary: null,
    mixins: [IPNETWORK],
    attributes: [
      ...(wish.vlan === null ? [] : [{ name: 'occi.network.vlan', value: wish.vlan }]),
      { name: 'occi.network.address', value: wish.cidr },
      { name: 'occi.network.gateway', value: wish.gateway },
      { name: 'occi.network.allocation', value: 'dynamic' },
      { name: 'occi.network.state', value: seen.state },
    ],
    actions: [],
    links: [],
  }
}
