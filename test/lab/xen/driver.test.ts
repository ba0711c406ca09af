/** The xl driver under the contract of all drivers, on real Xen hosts. */
import { driverContract } from '../../contract/driver-contract'
import { startLab } from './lab'
import { patient } from './patience'
import { openXlStage } from './xl-stage'

jest.setTimeout(patient(300_000))

driverContract({
  name: 'xl on real Xen hosts',
  lacks: [
    { what: 'rules', because: 'the driver of Xen hosts does not filter traffic yet' },
    { what: 'addresses', because: 'the driver of Xen hosts does not publish addresses yet' },
    { what: 'foreign domains', because: 'the stage of the lab makes none yet' },
  ],
  open: async () => openXlStage(await startLab()),
})
