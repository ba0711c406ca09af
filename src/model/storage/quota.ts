/** A project's limits of volumes; the GiB are those of its machines' own disks too. Counters are kept by the store; the worker that saw a volume gone takes it off. */
export const DEFAULT_VOLUME_QUOTA = { volumes: 5_000, volumeGiB: 100_000 } as const
/** Of all snapshots of a project, as large as their volumes were. */
export const DEFAULT_SNAPSHOT_GIB = 100_000
/** EC2's largest general purpose volume, GiB. */
export const LARGEST_GIB = 16_384

export const volumeQuota = ({
  volumes,
  volumeGiB,
}: {
  readonly volumes?: number
  readonly volumeGiB?: number
}): { readonly volumes: number; readonly volumeGiB: number } => ({
  volumes: volumes ?? DEFAULT_VOLUME_QUOTA.volumes,
  volumeGiB: volumeGiB ?? DEFAULT_VOLUME_QUOTA.volumeGiB,
})
