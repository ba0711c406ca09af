/** The whole build: what is not in the cache is made, and what is there is found. */
import { existsSync } from 'node:fs'
import { guest, guestFiles } from './guest'
import { hostImage } from './host-image'
import { snapshotOf, snapshots } from './snapshots'
import { folderOf, make } from './stage'
import { wholeDisk, wholeDiskFiles } from './whole-disk'

export interface BuiltLab {
  /** Folder of the hosts' boot files, common disk and keys. */
  readonly image: string
  snapshotOf(host: string): string
  readonly images: {
    /** The tiny guest. */
    readonly tiny: ReturnType<typeof guestFiles>
    /** Only when it was asked for once. */
    readonly wholeDisk: ReturnType<typeof wholeDiskFiles> | null
  }
}

export type Extra = 'whole disk' | 'nothing'

/** What stands in the cache; undefined when something has to be built first. */
export async function findLab(extra: Extra = 'nothing'): Promise<BuiltLab | undefined> {
  const [image, tiny, disks, whole] = [
    folderOf(hostImage),
    folderOf(guest),
    folderOf(await snapshots()),
    folderOf(wholeDisk),
  ]
  const wanted = extra === 'whole disk' ? [image, tiny, disks, whole] : [image, tiny, disks]
  if (!wanted.every((folder) => existsSync(folder))) return undefined
  const images = { tiny: guestFiles(tiny), wholeDisk: existsSync(whole) ? wholeDiskFiles(whole) : null }
  return { image, snapshotOf: (host) => snapshotOf(disks, host), images }
}

/** Builds what is missing. */
export async function buildLab(extra: Extra): Promise<void> {
  await make(guest)
  await make(hostImage)
  await make(await snapshots())
  if (extra === 'whole disk') await make(wholeDisk)
}
