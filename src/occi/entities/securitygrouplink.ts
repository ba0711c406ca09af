/** The security groups of a compute as links (EGI's extension). They have no records: they live in the compute's interfaces. */
import type { SecurityGroupId } from '../../model/ids'
import type { ComputeRecord } from '../../model/records'
import { COMPUTE, SECURITYGROUP, SECURITYGROUPLINK } from '../model/names'
import { derivedId } from './derived-id'
import type { LinkEntity } from './entity'
import { Member } from './member'
import { groupPath } from './securitygroup'

const members = new WeakMap<ComputeRecord, readonly Member[]>()

/** Its groups as members of `/securitygrouplink/`; kept as long as the record. */
export function groupLinkMembers(record: ComputeRecord): readonly Member[] {
  const known = members.get(record) ?? groupLinksOf(record).map((link) => new Member(link.path, 'links', () => link))
  members.set(record, known)
  return known
}

/** Groups of any of its interfaces. */
export const groupsOn = ({ wish }: ComputeRecord): readonly SecurityGroupId[] => [
  ...new Set(wish.interfaces.flatMap(({ groups = [] }) => groups)),
]

export const groupLinksOf = (record: ComputeRecord): readonly LinkEntity[] =>
  groupsOn(record).map((group) => linkOf(record, group))

/** There is one of each group at most. */
export const groupLinkId = (compute: string, group: SecurityGroupId): string =>
  derivedId(`securitygrouplink ${compute} ${group}`)

function linkOf(record: ComputeRecord, group: SecurityGroupId): LinkEntity {
  const id = groupLinkId(record.id, group)
  const isGiven = record.seen.contact === 'ok' && record.seen.rules !== undefined
  return {
    kind: SECURITYGROUPLINK,
    id,
    path: `/securitygrouplink/${id}`,
    title: null,
    summary: null,
    mixins: [],
    attributes: [{ name: 'occi.securitygrouplink.state', value: isGiven ? 'active' : 'inactive' }],
    actions: [],
    links: [],
    source: { path: `/compute/${record.id}`, kind: COMPUTE },
    target: { path: groupPath(group), kind: SECURITYGROUP },
  }
}
