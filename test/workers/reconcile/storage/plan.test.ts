import { fault } from '../../../../src/faults'
import type { HostId } from '../../../../src/model/ids'
import type { MachineSighting } from '../../../../src/model/machine'
import { type StorageIntent, storageMessage } from '../../../../src/model/storage'
import { SHOWN_MS } from '../../../../workers/reconcile/backoff'
import { done, EFFECT_TRIES, refused, troubled } from '../../../../workers/reconcile/effect-journal'
import { nothingOf } from '../../../../workers/reconcile/seen'
import { announceStorage, openStill } from '../../../../workers/reconcile/storage/journal'
import { planStorage, repeatedStorage, type StorageDeed } from '../../../../workers/reconcile/storage/plan'
import { type StorageParts, storageRecord } from '../../../support/storage-record'

const NAME = 'vol-00000000000000001'
const NOW = 1_800_000_000_000
const HOST = 'eeeeeeee-0000-4000-8000-000000000001' as HostId
const nothing = nothingOf(NAME)
const disk = (sizeGiB: number): MachineSighting => ({ ...nothing, disks: [{ name: NAME, sizeGiB, attached: false }] })
const working = (key: string): MachineSighting => ({ ...nothing, work: { key, what: 'disk.ensure', percent: 1 } })
const decide = (parts: StorageParts, host: MachineSighting, isHeld: 'held' | 'free' = 'free') =>
  planStorage(storageRecord(parts), host, isHeld === 'held', NOW)
const make: StorageDeed = { step: 'disk', direction: 'up', sizeGiB: 10 }
const intent = (parts: Partial<StorageIntent> = {}): StorageIntent => ({
  key: 'k',
  ...make,
  attempt: 1,
  host: HOST,
  at: 1,
  outcome: 'open',
  ...parts,
})
const deleted = { wish: { exists: false } }

describe('a volume that is wanted', () => {
  test('is made once: a disk that was there and is gone is not made anew', () => {
    expect(decide({}, nothing)).toEqual({ kind: 'do', ...make })
    expect(decide({ seen: { madeAt: 5 } }, nothing)).toEqual({ kind: 'vanished' })
  })
  test('grows, and never shrinks', () => {
    expect(decide({}, disk(9))).toEqual({ kind: 'do', step: 'grow', direction: 'up', sizeGiB: 10 })
    expect(decide({}, disk(10))).toEqual({ kind: 'nothing' })
    expect(decide({}, disk(11))).toEqual({ kind: 'nothing' })
  })
  test('that cannot grow while its machine has it open waits for its end, and says so once', () => {
    const open: MachineSighting = { ...nothing, disks: [{ name: NAME, sizeGiB: 9, attached: true, open: true }] }
    expect(decide({}, open)).toEqual({ kind: 'open' })
    expect(decide({ wish: { sizeGiB: 9 } }, open)).toEqual({ kind: 'nothing' })
    const told = openStill(storageRecord().journal, NOW)
    expect(openStill(told, NOW + 1)).toEqual(told)
    expect(storageMessage(storageRecord({ journal: told }))).toMatch(/^it is made larger once its machine is stopped/)
    expect(told.stuck).toBeNull()
  })
})

describe('a volume that is deleted', () => {
  test('is removed, but not while a machine may have it', () => {
    expect(decide(deleted, disk(10))).toEqual({ kind: 'do', step: 'disk', direction: 'down', sizeGiB: 10 })
    expect(decide(deleted, disk(10), 'held')).toEqual({ kind: 'held' })
  })
  test('leaves its host when nothing is there', () => {
    expect(decide(deleted, nothing)).toEqual({ kind: 'leave' })
    expect(decide({ ...deleted, seen: { madeAt: 5 } }, nothing)).toEqual({ kind: 'leave' })
  })
})

describe('a volume that is deleted and that its provider does not show', () => {
  const unshown: MachineSighting = { ...nothing, whole: true }
  const asked = (parts: Partial<StorageIntent> = {}) => ({ journal: { intent: intent({ at: NOW, ...parts }) } })
  const long = NOW - SHOWN_MS
  test.each<[string, StorageParts, 'unshown' | 'leave']>([
    ['was asked for, and nobody knows whether it is made', asked(), 'unshown'],
    ['is being made', asked({ outcome: 'running' }), 'unshown'],
    ['was made just now', { ...asked({ outcome: 'done', at: long }), seen: { madeAt: NOW - 1 } }, 'unshown'],
    [
      'was asked for until it was deleted',
      { ...asked({ at: 1 }), wish: { exists: false, deletedAt: NOW - 1 } },
      'unshown',
    ],
    ['was asked for long ago', { ...asked({ at: long }), wish: { exists: false, deletedAt: long } }, 'leave'],
    ['was refused', asked({ outcome: 'failed' }), 'leave'],
    ['was there, and is there no more', { ...asked({ outcome: 'done' }), seen: { madeAt: long } }, 'leave'],
    ['was removed', { ...asked({ direction: 'down' }), seen: { madeAt: NOW - 1 } }, 'leave'],
    ['was never asked for', {}, 'leave'],
  ])('that %s', (_what, parts, kind) => {
    expect(decide({ ...deleted, ...parts }, unshown)).toEqual({ kind })
    // A host shows at once what it has.
    expect(decide({ ...deleted, ...parts }, nothing)).toEqual({ kind: 'leave' })
    expect(decide({ ...deleted, ...parts }, { ...disk(10), whole: true })).toMatchObject({
      kind: 'do',
      direction: 'down',
    })
  })
})

describe('work under way', () => {
  test('goes on when it is ours and wanted', () => {
    expect(decide({ journal: { intent: intent() } }, working('k'))).toEqual({ kind: 'wait' })
  })
  test.each<[string, StorageParts, string]>([
    ['of another key', { journal: { intent: intent() } }, 'other'],
    ['for another size', { journal: { intent: intent({ sizeGiB: 3 }) } }, 'k'],
    ['of what is deleted now', { ...deleted, journal: { intent: intent() } }, 'k'],
  ])('%s is ended first', (_what, parts, key) => {
    expect(decide(parts, working(key))).toEqual({ kind: 'cancel', key })
  })
})

describe('the same decision again', () => {
  const repeats = (parts: Partial<StorageIntent>) =>
    repeatedStorage(storageRecord({ journal: { intent: intent(parts) }, place: { host: HOST } }), make)
  test('keeps its key while its outcome is unknown', () => {
    expect(repeats({})).toBeDefined()
    expect(repeats({ outcome: 'running' })).toBeDefined()
  })
  test.each<Partial<StorageIntent>>([
    { outcome: 'done' },
    { outcome: 'failed' },
    { sizeGiB: 9 },
    { step: 'grow' },
    { direction: 'down' },
    { host: 'other' as HostId },
  ])('is another one with %j', (parts) => {
    expect(repeats(parts)).toBeUndefined()
  })
})

describe('the journal', () => {
  const record = storageRecord({ place: { host: HOST }, journal: { attempts: 3 } })
  test('draws an attempt for a decision, and keeps it for its repetition', () => {
    const first = announceStorage(record, make, HOST, 7)
    expect(first.intent).toMatchObject({ key: `${record.id}/disk/up/4`, attempt: 4, outcome: 'open', at: 7 })
    const again = announceStorage({ ...record, journal: first.journal }, make, HOST, 9)
    expect(again.intent).toEqual(first.intent)
    const after = { ...record, journal: done(first.journal) }
    expect(announceStorage(after, make, HOST, 9).intent.attempt).toBe(5)
  })
  test('counts refusals of one deed; after some it is stuck, and a success ends that', () => {
    let { journal } = announceStorage(record, make, HOST, 7)
    for (let times = 1; times <= EFFECT_TRIES; times += 1) {
      expect(journal.stuck).toBeNull()
      journal = refused(journal, fault('refused', 'no space left on device'), times)
      journal = times < EFFECT_TRIES ? announceStorage({ ...record, journal }, make, HOST, 8).journal : journal
    }
    expect(journal).toMatchObject({ failures: EFFECT_TRIES, stuck: { message: 'no space left on device' } })
    expect(done(journal)).toMatchObject({ failures: 0, stuck: null, trouble: null, intent: { outcome: 'done' } })
  })
  test('what no host does is stuck at once; another deed begins to count anew', () => {
    const { journal } = announceStorage(record, make, HOST, 7)
    const told = refused(journal, fault('unsupported', 'this host has no disks'), 8)
    expect(told.stuck).toEqual({ since: 8, message: 'this host has no disks' })
    const other: StorageDeed = { step: 'disk', direction: 'down', sizeGiB: 10 }
    expect(announceStorage({ ...record, journal: told }, other, HOST, 9).journal).toMatchObject({
      failures: 0,
      stuck: null,
    })
  })
  test('a silence keeps the time at which it began', () => {
    const once = troubled(record.journal, { kind: 'timeout', message: 'no answer' }, 5)
    expect(troubled(once, { kind: 'timeout', message: 'no answer' }, 9)).toBe(once)
    expect(troubled(once, { kind: 'timeout', message: 'still none' }, 9).trouble).toEqual({
      kind: 'timeout',
      message: 'still none',
      at: 5,
    })
  })
})
