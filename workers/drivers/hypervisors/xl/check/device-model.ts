/** Whether a QEMU for Xen is there (host/15-device-model.sh): Debian's Xen only recommends it, and most guests need it. */
import type { HostFinding } from '../../../driver'
import type { XenInfo } from '../parse/info'
import { modesOf } from '../probe'
import type { Facts } from './facts'
import { finding } from './finding'

const WHAT = 'device model'
const MEND = 'apt install qemu-system-xen (elsewhere: the QEMU that belongs to Xen)'

export function deviceModel(facts: Facts, info: XenInfo): HostFinding {
  const path = facts.one('device-model')
  if (path !== null) return finding(WHAT, 'ok', path)
  return modesOf(info).includes('hvm')
    ? finding(WHAT, 'missing', 'there is no QEMU for Xen: no hvm machine starts', MEND)
    : finding(WHAT, 'warning', 'there is no QEMU for Xen: disks are raw', MEND)
}
