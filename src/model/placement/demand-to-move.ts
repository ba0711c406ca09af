/** What a machine asks of the host that it is to be moved to: as of any, but its volumes come along wherever they lie. */
import { lastingHosting } from '../hosting'
import type { ComputeRecord } from '../records'
import type { StorageRecord } from '../storage'
import { movedClaim } from './claims'
import { type Demand, demandOf } from './demand'
import type { PlacementWish } from './wish'

/** `volumes`: those that hang on it. `site`: as for `demandOf`. */
export function demandToMove(
  record: ComputeRecord,
  now: number,
  volumes: readonly StorageRecord[],
  site?: PlacementWish,
): Demand {
  // Its saved memory comes along too.
  const { with: _there, beside: _itsDisks, yields: _here, hosting, ...demand } = demandOf(record, now, volumes, site)
  const lasting = lastingHosting(hosting)
  const more = volumes.reduce((sum, volume) => sum + volume.wish.sizeGiB, 0)
  // It leaves its reservation, if it is in one.
  return {
    ...demand,
    ...yieldsElsewhere(record),
    ...(lasting ? { hosting: lasting } : {}),
    capacity: { use: 'none' },
    size: { ...record.wish.size, diskGiB: record.wish.size.diskGiB + more },
  }
}

/** Whether it gives way there at any time: as what it will claim there says, for one with a deadline stays until its end. */
export const yieldsElsewhere = (record: ComputeRecord): Pick<Demand, 'yields'> =>
  movedClaim(record).yields === 0 ? { yields: true } : {}
