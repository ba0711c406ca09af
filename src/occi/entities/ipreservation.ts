/** A public address as OCCI shows it (EGI's extension, rOCCI-core 5.0 `ipreservation.yml`): the same record as EC2's Elastic IP address. */
import { type AddressRecord, ipOf, isAddressUp } from '../../model/records'
import type { AddressView } from '../../operations/addresses/operations'
import { FLOATINGIPPOOL_SCHEME, IPRESERVATION, IPRESERVATION_ACTIONS, toTerm } from '../model/names'
import type { Entity } from './entity'
import { Member } from './member'

/** Where it leads depends on its machine too, so there is a member for each way in which it stands. */
const members = new WeakMap<AddressRecord, Map<string, Member>>()

/** The record's member as it stands now; kept as long as the record. */
export function addressMember(view: AddressView): Member {
  const known = members.get(view.record) ?? new Map<string, Member>()
  members.set(view.record, known)
  const key = `${view.state} ${view.message ?? ''}`
  const member = known.get(key) ?? new Member(addressPath(view.record.id), 'resources', () => addressEntity(view))
  known.set(key, member)
  return member
}

export const addressPath = (id: string): string => `/ipreservation/${id}`

export const addressEntity = ({ record, state, message, pool, provider }: AddressView): Entity => ({
  kind: IPRESERVATION,
  id: record.id,
  path: addressPath(record.id),
  title: record.wish.title,
  summary: record.wish.summary,
  mixins: [pool?.wish.name ?? provider?.wish.zone ?? []].flat().map((name) => FLOATINGIPPOOL_SCHEME + toTerm(name)),
  attributes: [
    // One of a provider's has none until the provider has said which.
    ...(ipOf(record) === '' ? [] : [{ name: 'occi.ipreservation.address', value: ipOf(record) }]),
    { name: 'occi.ipreservation.used', value: record.wish.holder !== null },
    {
      name: 'occi.ipreservation.state',
      value: state === 'associated' && isAddressUp(record.wish) ? 'active' : 'inactive',
    },
    ...(message === null ? [] : [{ name: 'occi.ipreservation.state.message', value: message }]),
  ],
  actions: [IPRESERVATION_ACTIONS + (isAddressUp(record.wish) ? 'down' : 'up')],
  links: [],
})
