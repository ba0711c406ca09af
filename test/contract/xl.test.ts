/** The xl driver under the contract of all drivers: two fake Xen hosts behind real sshds, with the real guard and deeds. */
import { describeWithSshd } from '../support/sshd'
import { openXenStage } from '../support/xen-stage'
import type { Lack } from './driver/bench'
import { driverContract } from './driver-contract'

const LACKS: readonly Lack[] = [
  { what: 'rules', because: 'the driver of Xen hosts does not filter traffic yet' },
  { what: 'addresses', because: 'the driver of Xen hosts does not publish addresses yet' },
]
// Two sshds, a guard in sh and copies of disks on machines that are shared.
jest.setTimeout(120_000)

describeWithSshd('xl', () => {
  driverContract({ name: 'xl', lacks: LACKS, open: () => openXenStage() })
})
