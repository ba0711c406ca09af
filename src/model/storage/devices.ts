/** Device names of a machine's disks: which are names at all, and the next free one. */
import type { ComputeRecord } from '../records'
import { volumesOf } from './attachment'

const DEVICE = /^(?:\/dev\/)?(?:sd[a-z]|xvd[a-z]{1,2}|vd[a-z]|hd[a-z])(?:[1-9]|1[0-5])?$/

/** Where a guest finds the read-only disk with its first settings: the last place there is, and no volume's. */
export const SEED_SLOT = 'zz'

/** `/dev/sdf`, `/dev/xvdf`, `xvdba`, `/dev/vdb` … (EC2 "Device names"; OCCI's examples use vd). */
export const isDevice = (text: string): boolean => DEVICE.test(text) && slotOf(text) !== SEED_SLOT

/** What tells one device from another: `/dev/sdf`, `xvdf` and `vdf` are the same place on the bus; a partition is its disk's. */
const slotOf = (device: string): string =>
  device
    .replace(/^\/dev\//, '')
    .replace(/^(?:sd|xvd|vd|hd)/, '')
    .replace(/\d+$/, '')

/** Devices that a machine's disks have, the root disk's among them. */
export const devicesOf = (compute: ComputeRecord): readonly string[] => [
  ...compute.wish.disks.map((disk) => disk.device),
  ...volumesOf(compute).map((volume) => volume.device),
]

export const isTaken = (device: string, taken: readonly string[]): boolean =>
  taken.some((one) => slotOf(one) === slotOf(device))

/** EC2 recommends f to p for data; the others come after. */
const LETTERS = [...'fghijklmnopbcdeqrstuvwxyz']

/** The first free one, `/dev/sdf` onwards; undefined: all are taken. */
export const freeDevice = (taken: readonly string[]): string | undefined =>
  LETTERS.map((letter) => `/dev/sd${letter}`).find((device) => !isTaken(device, taken))
