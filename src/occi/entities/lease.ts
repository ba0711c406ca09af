/** What a compute shows of its lease: the mixin `lease` of ours. */
import { endOf } from '../../model/lease'
import { isoOf, type Term, writtenTerms } from '../../model/lease-terms'
import type { ComputeRecord } from '../../model/records'
import { LEASE_ATTRIBUTES } from '../requests/lease'
import type { Attribute } from './entity'

/** The terms as they were asked for, and what is planned. */
export function leaseAttributes({ wish, place }: ComputeRecord): readonly Attribute[] {
  const terms = Object.entries(writtenTerms(wish.lease)).map(([term, value]): Attribute => {
    const name = LEASE_ATTRIBUTES[term as Term]
    if (term === 'members') return { name, value: Number(value) }
    return term === 'preemptible' ? { name, value: value === 'true' } : { name, value }
  })
  const begins = place.lease?.booked?.[0]?.run
  const ends = endOf({ wish, place })
  return [
    ...terms,
    ...(begins === undefined ? [] : [{ name: 'org.occi-gateway.lease.begins', value: isoOf(begins) }]),
    ...(ends === undefined ? [] : [{ name: 'org.occi-gateway.lease.ends', value: isoOf(ends) }]),
  ]
}
