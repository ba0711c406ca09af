/** The public addresses of a compute as links to their reservations: networkinterfaces that live in the compute's record. */
import { isPublished, publicsOf } from '../../model/public-addresses'
import type { ComputeRecord, PublicWish } from '../../model/records'
import { COMPUTE, IPNETWORKINTERFACE, IPRESERVATION, NETWORKINTERFACE } from '../model/names'
import { derivedId } from './derived-id'
import type { LinkEntity } from './entity'
import { addressPath } from './ipreservation'
import { Member } from './member'

const members = new WeakMap<ComputeRecord, readonly Member[]>()

/** Kept as long as the record. */
export function publicLinkMembers(record: ComputeRecord): readonly Member[] {
  const known = members.get(record) ?? publicLinksOf(record).map((link) => new Member(link.path, 'links', () => link))
  members.set(record, known)
  return known
}

export const publicLinksOf = (record: ComputeRecord): readonly LinkEntity[] =>
  publicsOf(record).map((one) => linkOf(record, one))

/** Another one for each time that it is linked. */
export const publicLinkId = (association: string): string => derivedId(`networkinterface ${association}`)

function linkOf(record: ComputeRecord, one: PublicWish): LinkEntity {
  const id = publicLinkId(one.association)
  const device = record.wish.interfaces.find(({ name }) => name === one.interface)?.device ?? 'eth0'
  const isActive = record.seen.contact === 'ok' && isPublished(record, one.ip)
  return {
    kind: NETWORKINTERFACE,
    id,
    path: `/networkinterface/${id}`,
    title: null,
    summary: null,
    mixins: [IPNETWORKINTERFACE],
    attributes: [
      { name: 'occi.networkinterface.interface', value: device },
      { name: 'occi.networkinterface.mac', value: one.mac },
      { name: 'occi.networkinterface.address', value: one.ip },
      { name: 'occi.networkinterface.allocation', value: 'static' },
      { name: 'occi.networkinterface.state', value: isActive ? 'active' : 'inactive' },
    ],
    actions: [],
    links: [],
    source: { path: `/compute/${record.id}`, kind: COMPUTE },
    target: { path: addressPath(one.address), kind: IPRESERVATION },
  }
}
