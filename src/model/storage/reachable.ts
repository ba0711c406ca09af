/**
 * Where disks can be used: a pure view of the records. A disk on a host's own folder is reached from that host alone and does not
 * survive it; one on a shared backend is reached from every host that was seen to have the same pool. A disk that was made
 * nowhere yet is reached from everywhere: it is made where it is first asked for.
 */
import type { HostId } from '../ids'
import type { ComputeRecord, HostRecord } from '../records'
import { volumesOf } from './attachment'
import type { StorageRecord } from './record'

/** Where one disk lies. */
export interface DiskPlace {
  /** Its name on the host: `i-…-root`, `vol-…`. */
  readonly name: string
  /** null: it is nowhere yet. */
  readonly host: HostId | null
  /** The shared backend on which it lies; null: on its host alone. */
  readonly pool: string | null
}

/** The shared backends that a host can use now, by what all hosts call them. */
export const poolsOf = ({ seen }: Pick<HostRecord, 'seen'>): readonly string[] =>
  (seen.backends ?? []).flatMap(({ pool, away }) => (pool === null || away ? [] : [pool]))

/** Why a disk cannot be used on a host; null: it can. Names no host: its owner may read it. */
export function unreachable(disk: DiskPlace, host: Pick<HostRecord, 'id' | 'seen'>): string | null {
  if (disk.host === null || disk.host === host.id) return null
  if (disk.pool === null) return `the disk ${disk.name} lies on another host alone`
  return poolsOf(host).includes(disk.pool)
    ? null
    : `the disk ${disk.name} lies on the shared storage ${disk.pool}, which this host does not have`
}

/** Whether a disk's contents are still there when its host is lost for good. */
export const survivesItsHost = ({ pool }: Pick<DiskPlace, 'pool'>): boolean => pool !== null

/** Where a volume lies. */
export const placeOfVolume = ({ wish, place, seen }: StorageRecord): DiskPlace => ({
  name: wish.name,
  host: seen.madeAt === null && seen.sizeGiB === null ? null : place.host,
  pool: seen.pool ?? null,
})

/**
 * Where all disks of a machine lie: its own as they were last seen, and its volumes by their records. A disk of its own that it
 * wants and that was never seen is nowhere yet.
 */
export function placesOfDisks(
  compute: Pick<ComputeRecord, 'wish' | 'seen' | 'place'>,
  find: (id: StorageRecord['id']) => StorageRecord | undefined,
): readonly DiskPlace[] {
  const { wish, seen, place } = compute
  const own = wish.disks.map((disk): DiskPlace => {
    const name = `${wish.name}-${disk.name}`
    const sighting = seen.machine?.disks.find((one) => one.name === name)
    return { name, host: sighting ? (seen.host ?? place.host) : null, pool: sighting?.pool ?? null }
  })
  const volumes = volumesOf(compute).map(({ storage, name }) => {
    const record = find(storage)
    return record ? placeOfVolume(record) : { name, host: null, pool: null }
  })
  return [...own, ...volumes]
}
