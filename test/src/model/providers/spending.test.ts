/** What is spent at a provider by the uses that ended and those that go on: exact, whenever it was looked. */
import fc from 'fast-check'
import type { Use } from '../../../../src/model/accounts'
import type { HostId } from '../../../../src/model/ids'
import {
  costOf,
  isSpent,
  monthStart,
  readUntil,
  type Spending,
  spentByUses,
  spentUntil,
} from '../../../../src/model/providers/money'
import { HOUR_MS, useOf } from '../../../support/use'

const NOON = Date.UTC(2026, 10, 21, 12)
const HERE = 'provider-1' as HostId
const at = (from: number, until: number | null, parts: Partial<Use> = {}): Use =>
  useOf({
    host: HERE,
    project: 'a',
    offer: { type: 'small', price: 1_000_000, currency: 'EUR' },
    from,
    until,
    ...parts,
  })
const look = (before: Spending | undefined, ended: readonly Use[], open: readonly Use[], now: number) =>
  spentByUses(before, { host: HERE, ended, open }, now)

test('what ended and what goes on, of this provider alone', () => {
  const elsewhere = at(NOON, NOON + HOUR_MS, { host: 'other' as HostId })
  const found = look(
    undefined,
    [at(NOON, NOON + HOUR_MS), elsewhere],
    [at(NOON, null, { project: 'b' })],
    NOON + 2 * HOUR_MS,
  )
  expect(found).toMatchObject({ month: '2026-11', total: 3_000_000, projects: { a: 1_000_000, b: 2_000_000 } })
  expect(readUntil(found, NOON + 2 * HOUR_MS)).toBe(2)
})

test('a machine that came and went between two looks is counted, one that goes on is counted once', () => {
  const goesOn = at(NOON, null)
  const first = look(undefined, [], [goesOn], NOON + HOUR_MS)
  const second = look(first, [at(NOON + 1.5 * HOUR_MS, NOON + 1.75 * HOUR_MS)], [goesOn], NOON + 2 * HOUR_MS)
  expect([first.total, second.total]).toEqual([1_000_000, 2_250_000])
  const third = look(second, [{ ...goesOn, until: NOON + 3 * HOUR_MS }], [], NOON + 4 * HOUR_MS)
  expect(third.total).toBe(3_250_000)
})

test('a new month begins with nothing, reads its own list from the start, and takes of a use what lies in it', () => {
  const eve = Date.UTC(2026, 10, 30, 23)
  const before = look(undefined, [at(NOON, NOON + HOUR_MS)], [at(eve, null)], eve + HOUR_MS / 2)
  const now = eve + 3 * HOUR_MS
  expect(readUntil(before, now)).toBe(0)
  expect(look(before, [at(eve, now - HOUR_MS)], [], now)).toMatchObject({ month: '2026-12', total: 1_000_000 })
})

test('what an older program added up stays, and counting goes on from there', () => {
  const old = { month: '2026-11', at: NOON, total: 5_000_000, projects: { a: 5_000_000 } }
  const found = look(old, [at(NOON - HOUR_MS, NOON + HOUR_MS)], [at(monthStart(NOON), null)], NOON + 2 * HOUR_MS)
  expect(found).toMatchObject({ total: 8_000_000, ended: { from: NOON, after: 1 } })
})

test('who asks between two looks adds what happened since', () => {
  const seen = look(undefined, [at(NOON, NOON + HOUR_MS)], [at(NOON, null)], NOON + HOUR_MS)
  const now = NOON + 1.5 * HOUR_MS
  expect(spentUntil(seen, [{ project: 'a', since: NOON, price: 1_000_000 }], now).total).toBe(2_500_000)
})

test('however the looks fall between, the sum is that of one look at the end', () => {
  const machine = fc.record({ from: fc.integer({ min: 0, max: 500 }), ms: fc.integer({ min: 0, max: 500 }) })
  fc.assert(
    fc.property(
      fc.array(machine, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 1_100 }), { maxLength: 8 }),
      (all, looks) => {
        const end = NOON + 1_200_000
        const uses = all.map(({ from, ms }, n) => at(NOON + from * 1000, NOON + (from + ms) * 1000, { id: `m${n}` }))
        let spending: Spending | undefined
        let read = 0
        const ends = uses.toSorted((a, b) => (a.until ?? 0) - (b.until ?? 0))
        for (const now of [...looks.map((s) => NOON + s * 1000).toSorted((a, b) => a - b), end]) {
          const over = ends.filter(({ until }) => (until ?? 0) <= now)
          const open = ends
            .filter(({ from, until }) => from <= now && (until ?? 0) > now)
            .map((use) => ({ ...use, until: null }))
          spending = look(spending, over.slice(read), open, now)
          read = over.length
        }
        expect(spending?.total).toBe(
          uses.reduce((sum, { from, until }) => sum + costOf(1_000_000, (until ?? 0) - from), 0),
        )
      },
    ),
  )
})

test('a budget is spent once all of it is, this month', () => {
  const spending = { month: '2026-11', at: NOON, total: 10, projects: {} }
  expect([isSpent(10, spending, NOON), isSpent(11, spending, NOON), isSpent(null, spending, NOON)]).toEqual([
    true,
    false,
    false,
  ])
  expect([isSpent(10, undefined, NOON), isSpent(10, spending, NOON + 30 * 24 * HOUR_MS)]).toEqual([false, false])
})
