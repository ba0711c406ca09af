/**
 * Tags of a launch that say when its machines need their places and for how long. As those of placement they stay tags, and count at the
 * launch alone.
 */
import { Fault, fault } from '../../faults'
import { isWrong, parseTerms, type Term } from '../../model/lease-terms'
import type { RunOrder } from '../../operations/operations'

const PREFIX = 'occi-gateway:'
const field = 'TagSpecification.Tag'

/** Tag by term; how many a group has says MaxCount. */
export const LEASE_TAGS = {
  preemptible: `${PREFIX}preemptible`,
  start: `${PREFIX}lease-start`,
  duration: `${PREFIX}lease-duration`,
  deadline: `${PREFIX}lease-deadline`,
  atEnd: `${PREFIX}lease-at-end`,
  group: `${PREFIX}lease-group`,
} as const satisfies Readonly<Record<Exclude<Term, 'members'>, string>>

/** Faults: 'invalid', naming the tag. */
export function leaseAsked(tags: Readonly<Record<string, string>>, count: number): Pick<RunOrder, 'lease'> {
  const terms = Object.fromEntries(
    Object.entries(LEASE_TAGS).flatMap(([term, tag]) => (tags[tag] === undefined ? [] : [[term, tags[tag]]])),
  )
  const lease = parseTerms(terms, count)
  if (isWrong(lease)) throw fault('invalid', `${tagOf(lease.term)}: ${lease.message}`, { field })
  return Object.keys(lease).length === 0 ? {} : { lease }
}

/** How many a group has is said by the tag that makes the machines of a call one, and by how many it orders. */
const tagOf = (term: string): string =>
  term === 'members' ? `${LEASE_TAGS.group}, with MaxCount` : (LEASE_TAGS[term as keyof typeof LEASE_TAGS] ?? term)

/** What is wrong with terms is told by the tag that said them. Faults: those of the deed. */
export async function namingLeaseTags<T>(deed: () => Promise<T>): Promise<T> {
  try {
    return await deed()
  } catch (thrown) {
    const [of, term] = thrown instanceof Fault ? (thrown.detail.field ?? '').split('.') : []
    if (!(thrown instanceof Fault) || of !== 'lease' || term === undefined) throw thrown
    throw fault(thrown.kind, `${tagOf(term)}: ${thrown.message}`, { ...thrown.detail, field, cause: thrown })
  }
}
