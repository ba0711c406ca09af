/** What a description says of when its compute needs its place: the mixin `lease` of ours. What can never be kept is told by the operation. */
import { fault } from '../../faults'
import { isWrong, parseTerms, type Term } from '../../model/lease-terms'
import type { LeaseWish } from '../../model/records'
import { type ComputeValue, numberOf, textOf } from './compute-values'

export const LEASE_ATTRIBUTES = {
  start: 'org.occi-gateway.lease.start',
  duration: 'org.occi-gateway.lease.duration',
  deadline: 'org.occi-gateway.lease.deadline',
  atEnd: 'org.occi-gateway.lease.atend',
  group: 'org.occi-gateway.lease.group',
  members: 'org.occi-gateway.lease.members',
  preemptible: 'org.occi-gateway.lease.preemptible',
} as const satisfies Readonly<Record<Term, string>>

/** Undefined: nothing. Faults: 'invalid', naming the attribute. */
export function leaseIn(values: ReadonlyMap<string, ComputeValue>): LeaseWish | undefined {
  const terms = Object.fromEntries(
    Object.entries(LEASE_ATTRIBUTES).flatMap(([term, name]) => {
      const said = wordOf(values, name)
      return said === undefined ? [] : [[term, said]]
    }),
  )
  const lease = parseTerms(terms)
  if (isWrong(lease)) {
    const field = LEASE_ATTRIBUTES[lease.term]
    throw fault('invalid', `${field}: ${lease.message}`, { field })
  }
  return Object.keys(lease).length === 0 ? undefined : lease
}

function wordOf(values: ReadonlyMap<string, ComputeValue>, name: string): string | undefined {
  const value = values.get(name)
  if (value === undefined) return undefined
  return textOf(values, name) ?? String(numberOf(values, name) ?? value)
}
