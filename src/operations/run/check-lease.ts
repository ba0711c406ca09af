/** Whether the terms of an order can be kept at all: what is known to be in vain is refused before anything is made. */
import { fault } from '../../faults'
import { hasTerms } from '../../model/lease'
import { whyNever } from '../../model/lease-terms'
import type { Size } from '../../model/machine'
import { mostOfHost } from '../../model/placement'
import type { HostRecord } from '../../model/records'
import type { RunOrder } from '../operations'

/**
 * `now`: ms. Faults: 'invalid' and 'combination', each naming the term as `lease.start`; 'unsupported' for what has no place on the
 * calendar.
 */
export function checkLease(
  { lease, minCount, maxCount, options, placementGroup, capacity }: RunOrder,
  now: number,
): void {
  if (lease === undefined) return
  const wrong = whyNever(lease, now)
  if (wrong) throw fault(wrong.together ? 'combination' : 'invalid', wrong.message, { field: `lease.${wrong.term}` })
  if (!hasTerms(lease)) return
  if (lease.atEnd === 'terminate' && options?.isProtected)
    throw fault('combination', 'a machine that is protected from termination can only be stopped at its end', {
      field: 'lease.atEnd',
    })
  if (lease.group && minCount !== maxCount)
    throw fault(
      'combination',
      'machines that begin together are ordered all or none: minCount is to be as large as maxCount',
      {
        field: 'lease.group',
      },
    )
  const term = `lease.${lease.start !== undefined ? 'start' : lease.deadline !== undefined ? 'deadline' : lease.group ? 'group' : 'duration'}`
  if (placementGroup !== undefined)
    throw fault('unsupported', 'machines of a placement group cannot have terms', { field: term })
  if (capacity !== undefined && capacity.use !== 'none')
    throw fault('unsupported', 'a machine has terms of its own, or a place of a capacity reservation, not both', {
      field: term,
    })
}

/** Hosts on which something can be promised: what a provider has is not ours to promise. */
export const promisingHosts = (lease: RunOrder['lease'], hosts: readonly HostRecord[]): readonly HostRecord[] =>
  hasTerms(lease) ? hosts.filter(({ wish }) => wish.provider === undefined) : hosts

/** A group that is larger than all hosts together never begins. Faults: 'no-capacity'. */
export function checkGroupFits({ lease, zone }: RunOrder, size: Size, hosts: readonly HostRecord[]): void {
  const members = lease?.group?.members ?? 1
  if (members === 1) return
  const most = promisingHosts(lease, hosts)
    .filter(({ wish }) => wish.enabled && !wish.removing && (zone === undefined || wish.zone === zone))
    .reduce((sum, host) => sum + mostOn(host, size), 0)
  if (most >= members) return
  throw fault('no-capacity', `all hosts together hold ${most} of such machines, and the group has ${members}`, {
    field: 'lease.group',
  })
}

/** How many an empty host holds; one that was never looked at may turn out large enough for all. */
function mostOn({ wish, seen: { capacity } }: HostRecord, size: Size): number {
  if (capacity === null) return Number.POSITIVE_INFINITY
  const room = mostOfHost(wish, capacity)
  const parts = (['cpuHundredths', 'memoryMiB', 'diskGiB'] as const).filter((amount) => size[amount] > 0)
  return Math.max(0, Math.min(...parts.map((amount) => Math.floor(room[amount] / size[amount]))))
}
