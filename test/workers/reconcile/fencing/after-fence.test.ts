import type { HostId, StorageId } from '../../../../src/model/ids'
import type { MachineSighting } from '../../../../src/model/machine'
import type { Fenced } from '../../../../src/model/records'
import type { StorageRecord } from '../../../../src/model/storage'
import { afterFence } from '../../../../workers/reconcile/fencing/after-fence'
import { nothingOf } from '../../../../workers/reconcile/seen'
import { type ComputeParts, computeRecord, HOST, placed } from '../../../support/compute-record'
import { storageRecord } from '../../../support/storage-record'
import { intentOf, NAME } from '../intent-of'

const confirmed: Fenced = { how: 'confirmed', at: 5, boot: 'boot-1' }
const self: Fenced = { ...confirmed, how: 'self' }
const host = { id: HOST as HostId }
const root = { name: `${NAME}-root`, sizeGiB: 8, attached: true }
const runs = (more: Partial<MachineSighting> = {}): MachineSighting => ({
  ...nothingOf(NAME),
  id: 'x',
  domain: 'running',
  disks: [root],
  ...more,
})
const ran = { host: HOST as HostId, starts: 1, startedAt: 1, contact: 'lost' } as const
const restartable = { options: { restartable: true } }

const becomes = (parts: ComputeParts, fenced = confirmed, volumes: readonly StorageRecord[] = []) =>
  afterFence(computeRecord({ ...parts, place: { ...placed, ...parts.place } }), host, fenced, (id) =>
    volumes.find((volume) => volume.id === id),
  )
const stays = (because: string) => ({ kind: 'stay', message: expect.stringContaining(because) })
const diskless = { disks: [] }

test('what may be restarted and has no disk there goes elsewhere', () => {
  const seen = { ...ran, machine: runs({ disks: [] }) }
  expect(becomes({ wish: { ...restartable, ...diskless }, seen })).toEqual({ kind: 'elsewhere' })
  expect(becomes({ wish: diskless, seen })).toEqual(stays('not marked as restartable'))
  // Its owner has ordered a start since.
  expect(becomes({ wish: { ...diskless, starts: 2 }, seen })).toEqual({ kind: 'elsewhere' })
})

test('a disk on that host alone keeps it there, and is named', () => {
  expect(becomes({ wish: restartable, seen: { ...ran, machine: runs() } })).toEqual(
    stays(`its disk ${NAME}-root is on that host alone`),
  )
})

test('a disk that was made and was not seen any more is not made anew', () => {
  expect(becomes({ wish: restartable, seen: { ...ran, machine: runs({ disks: [] }) } })).toEqual(stays(`${NAME}-root`))
  expect(becomes({ wish: restartable, seen: { ...ran, machine: null } })).toEqual(stays(`${NAME}-root`))
})

test('a disk on storage that hosts share goes with it', () => {
  const machine = runs({ disks: [{ ...root, pool: 'ceph-1' }] })
  expect(becomes({ wish: restartable, seen: { ...ran, machine } })).toEqual({ kind: 'elsewhere' })
})

test('a volume that lies there keeps it there; one that is shared does not', () => {
  const volume = storageRecord({ place: { host: HOST as HostId }, seen: { madeAt: 1, sizeGiB: 1 } })
  const wanted = {
    storage: volume.id as StorageId,
    name: volume.wish.name,
    device: '/dev/sdf',
    deleteOnTermination: false,
    since: 1,
  }
  const wish = { ...restartable, ...diskless, volumes: [wanted] }
  const seen = { ...ran, machine: runs({ disks: [] }) }
  expect(becomes({ wish, seen }, confirmed, [volume])).toEqual(
    stays(`its disk ${volume.wish.name} is on that host alone`),
  )
  const shared = { ...volume, seen: { ...volume.seen, pool: 'ceph-1' } }
  expect(becomes({ wish, seen }, confirmed, [shared])).toEqual({ kind: 'elsewhere' })
})

test('what never ran is made elsewhere, whatever its disk became there', () => {
  const intent = intentOf({ step: 'disk', outcome: 'open' })
  expect(becomes({ journal: { intent, attempts: 1 } })).toEqual({ kind: 'elsewhere' })
  expect(becomes({ journal: { intent, attempts: 1 } }, self)).toEqual({ kind: 'elsewhere' })
})

test('a start that was announced may have happened', () => {
  const intent = intentOf({ step: 'power', direction: 'up', outcome: 'open' })
  expect(becomes({ journal: { intent, attempts: 4 } })).toEqual(stays(`${NAME}-root`))
  expect(becomes({ journal: { intent, attempts: 4 } }, self)).toEqual(stays('not known whether it still runs'))
})

describe('a host that fenced itself has ended only what bears the mark', () => {
  const wish = { ...restartable, ...diskless }
  const marked = { ...ran, machine: runs({ disks: [], restartable: true }) }

  test('marked and seen so: it goes elsewhere', () => {
    expect(becomes({ wish, seen: marked }, self)).toEqual({ kind: 'elsewhere' })
  })

  test.each([
    ['wanted, and not seen yet', { wish, seen: { ...ran, machine: runs({ disks: [], restartable: false }) } }],
    ['of a driver that knows no marks', { wish, seen: { ...ran, machine: runs({ disks: [] }) } }],
    ['seen on another host', { wish, seen: { ...marked, host: 'other' as HostId } }],
    [
      'perhaps taken off meanwhile',
      { wish, seen: marked, journal: { intent: intentOf({ step: 'mark', item: 'plain', outcome: 'open' }) } },
    ],
    ['not there, though deleted', { wish: { ...wish, exists: false }, seen: { ...ran, machine: runs({ disks: [] }) } }],
  ] satisfies [string, ComputeParts][])('a mark that is %s does not count', (_what, parts) => {
    expect(becomes(parts, self)).toEqual(stays('not known whether it still runs'))
  })
})

test('a deleted machine has ended with its host', () => {
  expect(becomes({ wish: { exists: false }, seen: { ...ran, machine: runs() } })).toEqual({ kind: 'end' })
})

test('what is off, in a memory file or failed stays, and says why', () => {
  const seen = { ...ran, machine: runs({ disks: [], domain: 'off' }) }
  expect(becomes({ wish: { ...diskless, power: 'off' }, seen })).toEqual(stays('start it to have it on another one'))
  const saved = { ...ran, machine: runs({ disks: [], domain: 'saved' }) }
  expect(becomes({ wish: { ...diskless, ...restartable }, seen: saved })).toEqual(stays('in a file'))
  const failed = { message: 'no', at: 1, retries: 0 }
  expect(becomes({ wish: { ...diskless, ...restartable }, seen, journal: { failed } })).toEqual(stays('failed'))
})
