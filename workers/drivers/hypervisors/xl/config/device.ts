/** What a guest calls its disks: `/dev/sdf`, `/dev/xvdf` and `sdf` are all Xen's xvdf (xen-vbd-interface(7)). */
import { fault } from '../../../../../src/faults'
import { SEED_SLOT } from '../../../../../src/model/storage'

/** Of the seed disk: behind every name that a tenant may give a volume. */
export const SEED_VDEV = `xvd${SEED_SLOT}`

const DEVICE = /^(?:\/dev\/)?(?:sd|xvd|hd|vd)([a-z]|[a-z][a-z])(?:[1-9]|1[0-5])?$/

/** The virtual device of an EC2 device name; a root disk's partition (`/dev/sda1`) names its whole disk. Fault: refused. */
export function vdevOf(device: string): string {
  const letters = DEVICE.exec(device)?.[1]
  if (letters === undefined) throw fault('refused', `no Xen guest has a disk called ${device}`)
  const vdev = `xvd${letters}`
  if (vdev === SEED_VDEV) throw fault('refused', `${device} is taken by the disk with the machine’s first settings`)
  return vdev
}

/** The number under which xenstore and `xl block-list` know a virtual device: major and minor, or the extended scheme from xvdq on. */
export function vdevNumber(vdev: string): number {
  const letters = /^xvd([a-z]{1,2})$/.exec(vdev)?.[1]
  if (letters === undefined) throw fault('internal', `${vdev} is no virtual device`)
  let disk = 0
  for (const letter of letters) disk = disk * 26 + (letter.charCodeAt(0) - 96)
  disk -= 1
  return disk < 16 ? 202 * 256 + disk * 16 : 2 ** 28 + disk * 256
}
