import type { HostId } from '../../../../src/model/ids'
import { attachmentOf, type Holder } from '../../../../src/model/storage'
import { left } from '../../../../workers/reconcile/fencing/leave-given-up-host'
import { computeRecord, emptySeen, sighting } from '../../../support/compute-record'
import { storageRecord } from '../../../support/storage-record'

const VOLUME = 'vol-00000000000000001'
const disks = [
  { name: 'i-00000000000000001-root', sizeGiB: 8, attached: true, pool: 'nfs' },
  { name: VOLUME, sizeGiB: 1, attached: true, pool: 'nfs' },
]
const seen = { ...emptySeen, host: 'h1' as HostId, machine: sighting('running', { disks }) }

test('a machine that leaves a host that was given up still knows where its disks lie, and nothing hangs on it', () => {
  const after = left(seen, 5)
  expect(after).toMatchObject({ host: 'h1', machine: { domain: 'off', id: null } })
  expect(after.machine?.disks).toEqual(disks.map((disk) => ({ ...disk, attached: false })))
})

test('a volume that is detached while its machine waits for another host is free at once', () => {
  const compute = computeRecord({ seen: left(seen, 5) })
  const holder: Holder = {
    ...{ compute: compute.id, computeName: compute.wish.name, device: '/dev/sdf' },
    ...{ deleteOnTermination: false, since: 1, mountpoint: null },
  }
  const volume = storageRecord({ wish: { name: VOLUME, holder: null, former: holder } })
  expect(attachmentOf(volume, () => compute)).toBeUndefined()
})
