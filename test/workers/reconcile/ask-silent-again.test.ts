import type { HostSeen } from '../../../src/model/records'
import { askSilentAgain, RETRY_MS } from '../../../workers/reconcile/ask-silent-again'
import { COMMAND_AFTER_MS } from '../../../workers/reconcile/fencing/decide'
import { CONTACT_LOST_MS } from '../../../workers/reconcile/host-seen'
import { hostRecord } from '../../support/host-record'

const NOW = 1e9
const POLL_MS = 30_000
const T = 60_000
const grant = (at: number) => ({ boot: 'boot-1', uptimeMs: 5, lastsMs: T, at })
const silentFor = (ms: number, parts: Partial<HostSeen> = {}): HostSeen => ({
  ...hostRecord('1').seen,
  contact: ms < CONTACT_LOST_MS ? 'ok' : 'lost',
  lostSince: NOW - ms,
  ...parts,
})
const again = (ms: number, parts?: Partial<HostSeen>, pollMs = POLL_MS) =>
  askSilentAgain(silentFor(ms, parts), pollMs, NOW)

test('soon until its contact is lost, then less often the longer it is silent', () => {
  expect([0, 5000, CONTACT_LOST_MS - 1].map((ms) => again(ms))).toEqual([RETRY_MS, RETRY_MS, RETRY_MS])
  expect([CONTACT_LOST_MS, 20_000, 40_000].map((ms) => again(ms))).toEqual([5000, 10_000, 20_000])
  expect(again(1e8)).toBe(30_000)
})

test('never less often than while it answers, so its return is noticed as soon as anything else there', () => {
  expect([10_000, 40_000, 1e8].map((ms) => again(ms, {}, 5000))).toEqual([5000, 5000, 5000])
  expect([5000, 10_000, 1e8].map((ms) => again(ms, {}, 300))).toEqual([300, 300, 300])
  expect(again(1e8, {}, 3_600_000)).toBe(30_000)
})

test('one that was never heard of is asked less and less often too', () => {
  expect([0, 10_000, 1e8].map((ms) => again(ms, { contact: 'never' }))).toEqual([RETRY_MS, 5000, 30_000])
})

test('just when a command may be run unasked', () => {
  expect(again(COMMAND_AFTER_MS - 7000)).toBe(7000)
  expect(again(COMMAND_AFTER_MS)).toBe(30_000)
})

test('soon while its watch may still be granted time, and just when that has certainly run out', () => {
  expect(again(50_000, { grant: grant(NOW - T + 1) })).toBe(RETRY_MS)
  expect(again(50_000, { grant: { ...grant(NOW - T), heldMs: T + 1 } })).toBe(RETRY_MS)
  expect(again(50_000, { grant: grant(NOW - T) })).toBe(25_000)
  expect(again(200_000, { grant: grant(NOW - 2 * T + 3000) })).toBe(3000)
  expect(again(200_000, { grant: grant(NOW - 2 * T) })).toBe(30_000)
})
