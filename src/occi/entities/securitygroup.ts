/** A security group as OCCI shows it (EGI's extension, rOCCI-core 5.0 `securitygroup.yml`): its rules in the words that rOCCI and ooi 1.2 use. */
import type { GroupRule, SecurityGroupRecord } from '../../model/records'
import { SECURITYGROUP } from '../model/names'
import type { Entity } from './entity'
import { Member } from './member'

const members = new WeakMap<SecurityGroupRecord, Member>()

/** The record's one member; kept as long as the record. */
export function groupMember(record: SecurityGroupRecord): Member {
  const known = members.get(record) ?? new Member(groupPath(record.id), 'resources', () => groupEntity(record))
  members.set(record, known)
  return known
}

export const groupPath = (id: string): string => `/securitygroup/${id}`

export const groupEntity = (record: SecurityGroupRecord): Entity => ({
  kind: SECURITYGROUP,
  id: record.id,
  path: groupPath(record.id),
  title: record.wish.name,
  summary: record.wish.description || null,
  mixins: [],
  attributes: [
    { name: 'occi.securitygroup.rules', value: JSON.stringify(record.wish.rules.map(showRule)), list: true },
    { name: 'occi.securitygroup.state', value: 'active' },
  ],
  actions: [],
  links: [],
})

/** One rule: what is everything is left out, but for the range, which nobody should have to guess. */
function showRule({ direction, protocol, ports, peer, description }: GroupRule) {
  return {
    type: direction === 'in' ? 'inbound' : 'outbound',
    protocol,
    ...(ports === null ? {} : { port: portText(protocol, ports) }),
    ...('group' in peer ? { group: peer.group } : { range: peer.cidr }),
    ...(description === null ? {} : { description }),
  }
}

/** `22`, `8000-8080`; of icmp type and code, `8:0`, `8` for every code. */
function portText(protocol: GroupRule['protocol'], { from, to }: NonNullable<GroupRule['ports']>): string {
  if (protocol === 'icmp') return to === -1 ? String(from) : `${from}:${to}`
  return from === to ? String(from) : `${from}-${to}`
}
