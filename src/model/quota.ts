/** A project's limits: how many machines of a size still fit. Counters are kept by the store; the worker that saw a machine gone takes it off. */
import type { Size } from './machine'
import { volumeQuota } from './storage/quota'

/** What a project may have at a time. */
export interface Quota {
  readonly instances: number
  readonly cores: number
  readonly memoryMiB: number
  /** Volumes; the site's default where it is not said. */
  readonly volumes?: number
  /** GiB of volumes and of machines' own disks, together; the site's default where it is not said. */
  readonly volumeGiB?: number
  /** GiB of the volumes that its snapshots were taken of; the site's default where it is not said. */
  readonly snapshotGiB?: number
  readonly networks?: number
  /** Images of its own, and GiB of files that they have; the site's default where it is not said. */
  readonly images?: number
  readonly imageGiB?: number
  /** Public addresses; the site's default where it is not said. */
  readonly addresses?: number
}

/** What a project gets that asks for nothing else. */
export const DEFAULT_QUOTA: Quota = { instances: 2_000, cores: 8_000, memoryMiB: 16 * 1024 * 1024 }

/** Limits that machines count against; those of volumes: storage/quota.ts, of images: image-quota.ts, of networks and addresses: theirs. */
export type QuotaName = Exclude<
  keyof Quota,
  'volumes' | 'snapshotGiB' | 'networks' | 'images' | 'imageGiB' | 'addresses'
>
export const QUOTA_NAMES: readonly QuotaName[] = ['instances', 'cores', 'memoryMiB', 'volumeGiB']

/** Of a project's wish. */
interface Limited {
  readonly quota: Quota
  readonly partner?: object
}

/** What machines of the project may come to. */
export const machineQuota = ({ quota }: Limited): Readonly<Record<QuotaName, number>> => ({
  instances: quota.instances,
  cores: quota.cores,
  memoryMiB: quota.memoryMiB,
  volumeGiB: volumeQuota(quota).volumeGiB,
})

/** What one machine of a size counts for. A partner has no volumes, and disks that are as large as its types and images make them. */
export const quotaShare = ({ partner }: Limited, size: Size): Readonly<Record<QuotaName, number>> => ({
  instances: 1,
  cores: size.cores,
  memoryMiB: size.memoryMiB,
  volumeGiB: partner === undefined ? size.diskGiB : 0,
})

/** How many more machines of a size fit, and which limit ends it. `used` lacks what was never counted. */
export function quotaRoom(
  project: Limited,
  used: Readonly<Partial<Record<string, number>>>,
  size: Size,
): { readonly machines: number; readonly limit: QuotaName } {
  const [quota, share] = [machineQuota(project), quotaShare(project, size)]
  const rooms = QUOTA_NAMES.map((limit) => ({
    limit,
    machines:
      share[limit] === 0 ? Number.POSITIVE_INFINITY : Math.floor((quota[limit] - (used[limit] ?? 0)) / share[limit]),
  }))
  const least = rooms.reduce((a, b) => (b.machines < a.machines ? b : a))
  return { machines: Math.max(0, least.machines), limit: least.limit }
}
