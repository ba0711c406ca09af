import type { Filter } from './filter'

/** Disk in GiB; storage is never overcommitted. */
export const enoughDisk: Filter = {
  name: 'enough-disk',
  reason: 'not enough disk',
  admits: ({ size }, { free }) =>
    free.diskGiB >= size.diskGiB || `needs ${size.diskGiB} GiB of disk, has ${Math.max(0, free.diskGiB)} GiB free`,
}
