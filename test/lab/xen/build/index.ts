/** The whole build: what is not in the cache is made, and what is there is found. */
import { existsSync } from 'node:fs'
import { guest, guestFiles } from './guest'
import { hostImage } from './host-image'
import { snapshotOf, snapshots } from './snapshots'
import { folderOf, make } from './stage'

export interface BuiltLab {
  /** Folder of the hosts' boot files, common disk and keys. */
  readonly image: string
  snapshotOf(host: string): string
  readonly images: {
    /** The tiny guest: kernel and initramfs. */
    readonly tiny: { readonly kernel: string; readonly ramdisk: string }
  }
}

/** What stands in the cache; undefined when something has to be built first. */
export async function findLab(): Promise<BuiltLab | undefined> {
  const stages = [hostImage, guest, await snapshots()]
  const [image, tiny, disks] = stages.map(folderOf)
  if (!image || !tiny || !disks || ![image, tiny, disks].every((folder) => existsSync(folder))) return undefined
  return { image, snapshotOf: (host) => snapshotOf(disks, host), images: { tiny: guestFiles(tiny) } }
}

/** Builds what is missing. */
export async function buildLab(): Promise<BuiltLab> {
  await make(guest)
  await make(hostImage)
  await make(await snapshots())
  const built = await findLab()
  if (!built) throw new Error('the lab was built, yet is not there')
  return built
}
