/** Hosts with claims, for tests of what is reserved on them. */
import type { HostId, ProjectId, ReservationId } from '../../src/model/ids'
import type { HostCapacity, Size } from '../../src/model/machine'
import type { ClaimedHost, HostClaim } from '../../src/model/placement'
import { hostRecord, sizeOf } from './host-record'

export const PROJECT = 'aaaaaaaa-0000-4000-8000-000000000001' as ProjectId
export const SMALL: Size = { ...sizeOf(1, 1024), type: 'small' }
export const HOUR = 3_600_000
/** Hours since the beginning of the test's time. */
export const at = (hours: number): number => 1_800_000_000_000 + hours * HOUR

export const firm = (size: Size = SMALL): HostClaim => size
export const yielding = (size: Size = SMALL, yields = 0): HostClaim => ({ ...size, yields })
export const covered = (reservation: string, size: Size = SMALL, yields?: number): HostClaim => ({
  ...size,
  covers: reservation as ReservationId,
  ...(yields === undefined ? {} : { yields }),
})
export const reserved = (
  reservation: string,
  slots: number,
  from: number,
  until: number | null = null,
  { size = SMALL, match = 'open' as 'open' | 'targeted' } = {},
): HostClaim => ({
  ...size,
  held: {
    reservation: reservation as ReservationId,
    name: `cr-${reservation}`,
    project: PROJECT,
    match,
    slots,
    from,
    until,
  },
})

/** A host of so many cores, 16 GiB and 100 GiB. */
export const claimedHost = (
  id: string,
  byId: Readonly<Record<string, HostClaim>> = {},
  { cores = 4, zone = 'local-1a' } = {},
): ClaimedHost => {
  const capacity: HostCapacity = { cpuHundredths: cores * 100, memoryMiB: 16_384, diskGiB: 100 }
  const record = hostRecord(id, { wish: { zone }, seen: { capacity } })
  return { record: { ...record, id: id as HostId }, revision: 7, byId, claims: Object.values(byId) }
}
