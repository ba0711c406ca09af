import { leasable } from '../../model/addresses'
import type { NetworkRecord } from '../../model/records'
import type { Mirror } from '../../store/store'

/** Addresses of a network that no machine of any project has, as far as this gateway has heard. */
export function freeAddresses(mirror: Pick<Mirror, 'all'>, { id, wish }: NetworkRecord): number {
  const total = leasable(wish.cidr, wish.gateway, wish.range)?.count ?? 0
  let leased = 0
  for (const compute of mirror.all('compute'))
    if (compute.seen.goneAt === null)
      for (const { network, address } of compute.wish.interfaces) if (network === id && address !== null) leased += 1
  return Math.max(0, total - leased)
}
