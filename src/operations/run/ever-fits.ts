/** Whether an order could ever be placed: by what hosts have, not by what is free now. What only has to wait is accepted. */
import { fault } from '../../faults'
import type { Size } from '../../model/machine'
import type { HostRecord } from '../../model/records'

/** Faults: 'invalid' for a zone that does not exist, 'no-capacity' when no enabled host is large enough. */
export function checkItEverFits(size: Size, zone: string | null, hosts: readonly HostRecord[]): void {
  let realServes: boolean | undefined
  // Real and simulated hosts never serve one site together (design.md §9).
  const retired = (host: HostRecord): boolean => {
    if (!host.wish.simulated) return false
    realServes ??= hosts.some(({ wish }) => !wish.simulated && !wish.removing)
    return realServes
  }
  const serves = (host: HostRecord): boolean =>
    host.wish.enabled && !host.wish.removing && (zone === null || host.wish.zone === zone) && !retired(host)
  if (hosts.some((host) => serves(host) && large(size, host))) return
  throw refusal(zone, hosts, hosts.some(serves))
}

/** A host that was never looked at may turn out large enough. */
function large(size: Size, { wish: { reserved }, seen: { capacity } }: HostRecord): boolean {
  if (capacity === null) return true
  return (
    capacity.cpuHundredths - reserved.cpuHundredths >= size.cpuHundredths &&
    capacity.memoryMiB - reserved.memoryMiB >= size.memoryMiB &&
    capacity.diskGiB - reserved.diskGiB >= size.diskGiB
  )
}

function refusal(zone: string | null, hosts: readonly HostRecord[], somebodyServes: boolean) {
  const zones = [...new Set(hosts.filter((host) => !host.wish.removing).map((host) => host.wish.zone))].sort()
  if (zone !== null && !zones.includes(zone))
    return fault('invalid', `there is no availability zone ${zone}`, { field: 'zone', allowed: zones })
  const where = zone === null ? '' : ` of ${zone}`
  return fault(
    'no-capacity',
    somebodyServes ? `no host${where} is large enough for such a machine` : `no host${where} takes new machines`,
    zone === null ? {} : { field: 'zone' },
  )
}
