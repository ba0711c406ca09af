/** What a provider's machines cost up to this look: part of what its record says was seen. */
import { spentUntil } from '../../../src/model/providers/money'
import type { ComputeRecord, HostRecord, HostSeen } from '../../../src/model/records'

export function spendingSeen(
  { wish, seen }: HostRecord,
  machines: readonly ComputeRecord[],
  now: number,
): Pick<HostSeen, 'spending'> {
  if (wish.provider === undefined) return {}
  const costing = machines.flatMap(({ project, place }) =>
    place.offer === undefined ? [] : [{ project: project ?? '', since: place.at, price: place.offer.price }],
  )
  return { spending: spentUntil(seen.spending, costing, now) }
}
