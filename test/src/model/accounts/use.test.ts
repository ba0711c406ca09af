import fc from 'fast-check'
import {
  beginUse,
  keyOfUse,
  openUses,
  secondsIn,
  useOfPlace,
  useOfSnapshot,
  useOfVolume,
} from '../../../../src/model/accounts'
import type { AddressRecord, ComputePlace } from '../../../../src/model/records'
import type { SnapshotRecord } from '../../../../src/model/storage'
import { computeRecord, HOST } from '../../../support/compute-record'
import { storageRecord } from '../../../support/storage-record'
import { HOUR_MS, useOf } from '../../../support/use'

const AT = Date.UTC(2026, 10, 21, 12)
const wish = { name: 'i-1', size: { type: 't2.nano', cores: 1, cpuHundredths: 100, memoryMiB: 512, diskGiB: 8 } }
const place = (parts: Partial<ComputePlace> = {}): Partial<ComputePlace> => ({
  ...{ host: HOST, hostName: 'host-1', at: AT, use: beginUse(wish, AT) },
  ...parts,
})

test('a machine is counted as what it is, since it has its place', () => {
  const record = computeRecord({ place: place() })
  expect(useOfPlace(record, AT + 5)).toEqual({
    ...{ kind: 'machine', id: record.id, project: record.project, name: 'i-1', host: HOST, hostName: 'host-1' },
    ...{ type: 't2.nano', cores: 1, memoryMiB: 512, diskGiB: 8, from: AT, until: AT + 5 },
  })
  expect(useOfPlace(computeRecord({}), AT)).toBeUndefined()
  const offer = { type: 'small', price: 40_000, currency: 'EUR' }
  expect(useOfPlace(computeRecord({ place: place({ offer }) }), null)).toMatchObject({ offer, until: null })
})

test('a volume is counted since it has its size, until it is deleted, whether its disk is gone yet or not', () => {
  const { wish: ordered } = storageRecord()
  const grown = storageRecord({ wish: { grownAt: AT, sizeGiB: 20 } })
  expect(useOfVolume(storageRecord())).toMatchObject({ kind: 'volume', from: ordered.createdAt, until: null, cores: 0 })
  expect(useOfVolume(grown)).toMatchObject({ from: AT, diskGiB: 20 })
  const deleted = storageRecord({ wish: { exists: false, deletedAt: AT + 9 } })
  expect(useOfVolume(deleted)).toMatchObject({ until: AT + 9 })
})

test('a volume at a provider that takes something for a GiB costs that, since it came there', () => {
  const gib = { price: 110, currency: 'EUR' }
  const there = storageRecord({
    wish: { sizeGiB: 20, type: 'gp3' },
    place: { host: HOST, hostName: 'cloud', at: AT, gib },
  })
  const offer = { type: 'gp3', price: 2200, currency: 'EUR' }
  expect(useOfVolume(there)).toMatchObject({ host: HOST, hostName: 'cloud', offer, from: AT, diskGiB: 20 })
  const grown = { ...there, wish: { ...there.wish, sizeGiB: 30, grownAt: AT + 7 } }
  expect(useOfVolume(grown)).toMatchObject({ offer: { price: 3300 }, from: AT + 7 })
  const { gib: _free, ...place } = there.place
  expect(useOfVolume({ ...there, place })).not.toHaveProperty('offer')
})

test('an address of a provider’s is counted there since it has its place, and not before', () => {
  const offer = { type: 'address', price: 5000, currency: 'USD' }
  const leased = { id: 'a1', project: 'p1', wish: { name: 'eipalloc-1', createdAt: AT, atProvider: true }, place: null }
  const placed = { ...leased, place: { host: HOST, hostName: 'cloud', at: AT + 5, offer } }
  const [before, after] = [leased, placed].map((one) => one as unknown as AddressRecord)
  const uses = (...addresses: readonly (AddressRecord | undefined)[]) =>
    openUses({ computes: [], storages: [], addresses: addresses.flatMap((one) => one ?? []), snapshots: [] })
  expect(uses(before, after)).toMatchObject([{ kind: 'address', host: HOST, offer, from: AT + 5, until: null }])
  const released = { ...placed, wish: { ...placed.wish, releasedAt: AT + 9 } } as unknown as AddressRecord
  expect(uses(released)).toMatchObject([{ until: AT + 9 }])
})

test('what goes on: machines with a place, volumes whose end is not kept yet, addresses', () => {
  const address = { id: 'a1', project: 'p1', wish: { name: 'eipalloc-1', createdAt: AT } } as unknown as AddressRecord
  const found = openUses({
    computes: [computeRecord({ place: place() }), computeRecord({})],
    storages: [storageRecord(), storageRecord({ seen: { goneAt: AT } })],
    addresses: [address],
    snapshots: [snapshotRecord('completed'), snapshotRecord('pending'), snapshotRecord('error')],
  })
  expect(found.map(({ kind }) => kind)).toEqual(['machine', 'volume', 'address', 'snapshot'])
})

const snapshotRecord = (state: 'completed' | 'pending' | 'error', exists = true): SnapshotRecord =>
  ({
    ...{ id: 's1', project: 'p1', wish: { exists, name: 'snap-1', sizeGiB: 30, createdAt: AT } },
    seen: { state, completedAt: state === 'completed' ? AT + 5_000 : null },
  }) as unknown as SnapshotRecord

test('a snapshot is counted from when it was completed, as large as its volume, until its deletion was ordered', () => {
  expect(useOfSnapshot(snapshotRecord('completed'), AT + 9_000)).toMatchObject({
    ...{ kind: 'snapshot', name: 'snap-1', diskGiB: 30, cores: 0, from: AT + 5_000, until: AT + 9_000 },
  })
  expect(useOfSnapshot(snapshotRecord('completed', false), null)).toBeUndefined()
})

test('a span takes what lies in it', () => {
  const span = { from: AT, until: AT + HOUR_MS }
  const seconds = (from: number, until: number | null, now = AT + 2 * HOUR_MS) =>
    secondsIn(useOf({ from, until }), span, now)
  expect(seconds(AT - HOUR_MS, AT)).toBe(0)
  expect(seconds(AT - HOUR_MS, AT + 60_000)).toBe(60)
  expect(seconds(AT + 60_000, null)).toBe(3540)
  expect(seconds(AT, null, AT + 1_999)).toBe(1)
  expect(seconds(AT + 3 * HOUR_MS, AT + 4 * HOUR_MS)).toBe(0)
})

test('uses that follow each other add up to what they are together, in one month or in two', () => {
  const cuts = fc.array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: 2, maxLength: 12 })
  fc.assert(
    fc.property(cuts, fc.integer({ min: 0, max: 5_000_000 }), (times, border) => {
      const ends = times.toSorted((a, b) => a - b).map((ms) => AT + ms)
      const [first = AT, last = AT] = [ends[0], ends.at(-1)]
      const parts = ends.slice(1).map((until, at) => useOf({ from: ends[at] ?? first, until }))
      const months = [
        { from: 0, until: AT + border },
        { from: AT + border, until: AT + 1e9 },
      ]
      const sum = parts.flatMap((use) => months.map((span) => secondsIn(use, span, last))).reduce((a, b) => a + b, 0)
      expect(sum).toBe(Math.floor(last / 1000) - Math.floor(first / 1000))
    }),
  )
})

test('a use is known again by what it is of and when it began', () => {
  expect(keyOfUse(useOf({ until: null }))).toBe(keyOfUse(useOf({ until: 5 })))
  expect(keyOfUse(useOf({ from: 1 }))).not.toBe(keyOfUse(useOf()))
  expect(keyOfUse(useOf({ kind: 'volume' }))).not.toBe(keyOfUse(useOf()))
})
