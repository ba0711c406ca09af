import type { HostId } from '../../../../src/model/ids'
import type { StorageBackend } from '../../../../src/model/machine'
import {
  type DiskPlace,
  placeOfVolume,
  placesOfDisks,
  survivesItsHost,
  unreachable,
} from '../../../../src/model/storage'
import { computeRecord } from '../../../support/compute-record'
import { hostRecord } from '../../../support/host-record'
import { storageRecord } from '../../../support/storage-record'

const HERE = 'eeeeeeee-0000-4000-8000-000000000001' as HostId
const THERE = 'eeeeeeee-0000-4000-8000-000000000002' as HostId
const shared = (pool: string): StorageBackend => ({
  name: 'nfs',
  kind: 'shared',
  pool,
  totalGiB: 10,
  freeGiB: 5,
  clone: 'copy',
})
const host = (id: HostId, backends?: readonly StorageBackend[]) =>
  hostRecord(id, backends ? { seen: { backends } } : {})
const disk = (change: Partial<DiskPlace> = {}): DiskPlace => ({ name: 'vol-1', host: HERE, pool: null, ...change })

test.each([
  ['a local disk on its own host', disk(), host(HERE), true],
  ['a local disk on another', disk(), host(THERE, [shared('p')]), false],
  ['a shared disk on another that has the pool', disk({ pool: 'p' }), host(THERE, [shared('o'), shared('p')]), true],
  ['a shared disk on another that has another pool', disk({ pool: 'p' }), host(THERE, [shared('o')]), false],
  ['a shared disk on a host of which nothing is known', disk({ pool: 'p' }), host(THERE), false],
  ['a disk that is nowhere yet', disk({ host: null }), host(THERE), true],
])('%s', (_what, place, on, expected) => {
  expect(unreachable(place, on)).toEqual(expected ? null : expect.stringContaining('vol-1'))
})

test('what survives its host', () => {
  expect(survivesItsHost(disk())).toBe(false)
  expect(survivesItsHost(disk({ pool: 'p' }))).toBe(true)
})

test('a volume is where it was made', () => {
  const record = storageRecord({})
  const placed = { ...record, place: { ...record.place, host: HERE } }
  expect(placeOfVolume(placed).host).toBe(null)
  const made = { ...placed, seen: { ...record.seen, madeAt: 1, sizeGiB: 3, pool: 'p' } }
  expect(placeOfVolume(made)).toEqual({ name: record.wish.name, host: HERE, pool: 'p' })
})

test('all disks of a machine: its own as seen, its volumes by their records', () => {
  const compute = computeRecord({})
  const root = `${compute.wish.name}-root`
  expect(placesOfDisks(compute, () => undefined)).toEqual([{ name: root, host: null, pool: null }])
  const volume = storageRecord({})
  const wish = {
    ...compute.wish,
    volumes: [{ storage: volume.id, name: volume.wish.name, device: '/dev/sdf', deleteOnTermination: false, since: 1 }],
  }
  const machine = {
    name: compute.wish.name,
    id: null,
    domain: 'off' as const,
    disks: [{ name: root, sizeGiB: 8, attached: false, pool: 'p' }],
    interfaces: [],
    work: null,
    startedAt: null,
  }
  const seen = { ...compute.seen, host: HERE, machine }
  const lying = { ...volume, place: { ...volume.place, host: THERE }, seen: { ...volume.seen, madeAt: 1, sizeGiB: 3 } }
  expect(placesOfDisks({ ...compute, wish, seen }, () => lying)).toEqual([
    { name: root, host: HERE, pool: 'p' },
    { name: volume.wish.name, host: THERE, pool: null },
  ])
})
