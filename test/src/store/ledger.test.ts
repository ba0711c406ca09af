/** A month's uses added up from lists that grow while they are read. */
import type { Tally, Use } from '../../../src/model/accounts'
import { endedSince, monthsFrom, openLedger, spanOf } from '../../../src/store/ledger'
import { usesOf } from '../../../src/store/single-uses'
import { HOUR_MS, useOf } from '../../support/use'

const NOON = Date.UTC(2026, 10, 21, 12)
const seconds = (tally: Tally): number => [...tally.values()].reduce((sum, line) => sum + line.seconds, 0)

/** Lists as the store has them; `reads` counts the pages that were asked for. */
function lists(months: Record<string, Use[]>) {
  const asked: string[] = []
  const used = async (month: string, after: number, limit: number): Promise<readonly Use[]> => {
    asked.push(`${month} ${after}`)
    return (months[month] ?? []).slice(after, after + limit)
  }
  return { used, asked, months, settled: noneSettled() }
}

/** Nothing was taken over from anybody, until a test says so. */
function noneSettled() {
  const kept = { revision: 0, told: (use: Use): Use => use }
  return {
    kept,
    revision: async () => kept.revision,
    told: async (uses: readonly Use[]) => uses.map((use) => kept.told(use)),
    keep: async () => undefined,
  }
}

test('months are spans in UTC, and what overlaps one may have ended in each since', () => {
  expect(spanOf('2026-12')).toEqual({ from: Date.UTC(2026, 11, 1), until: Date.UTC(2027, 0, 1) })
  expect(monthsFrom('2026-11', Date.UTC(2027, 0, 1))).toEqual(['2026-11', '2026-12', '2027-01'])
  expect(monthsFrom('2026-11', NOON)).toEqual(['2026-11'])
})

test('what ended, and what goes on to this moment', async () => {
  const store = lists({ '2026-11': [useOf({ from: NOON - HOUR_MS, until: NOON })] })
  const tally = await openLedger(store).month('2026-11', [useOf({ id: 'b', from: NOON, until: null })], NOON + HOUR_MS)
  expect(seconds(tally)).toBe(2 * 3600)
})

test('only what is new is read again, and it is added to what was', async () => {
  const store = lists({ '2026-11': [useOf({ from: NOON - HOUR_MS, until: NOON })] })
  const ledger = openLedger(store)
  await ledger.month('2026-11', [], NOON)
  store.months['2026-11']?.push(useOf({ id: 'b', from: NOON - HOUR_MS, until: NOON }))
  expect(seconds(await ledger.month('2026-11', [], NOON))).toBe(2 * 3600)
  expect(store.asked).toEqual(['2026-11 0', '2026-11 1'])
  expect(seconds(await ledger.month('2026-11', [], NOON))).toBe(2 * 3600)
})

test('what ended after the records were read counts as ended, once: also where another reader was quicker', async () => {
  const open = [useOf({ id: 'b', from: NOON - HOUR_MS, until: null })]
  const store = lists({ '2026-11': [useOf({ id: 'b', from: NOON - HOUR_MS, until: NOON })] })
  const ledger = openLedger(store)
  expect(seconds(await ledger.month('2026-11', open, NOON + HOUR_MS))).toBe(3600)
  expect(seconds(await ledger.month('2026-11', open, NOON + HOUR_MS))).toBe(3600)
})

test('a use over the end of a month is in both, with its part of each', async () => {
  const border = Date.UTC(2026, 11, 1)
  const long = useOf({ from: border - HOUR_MS, until: border + 2 * HOUR_MS })
  const store = lists({ '2026-12': [long] })
  const ledger = openLedger(store)
  const now = border + 3 * HOUR_MS
  expect(seconds(await ledger.month('2026-11', [], now))).toBe(3600)
  expect(seconds(await ledger.month('2026-12', [], now))).toBe(7200)
  expect(await usesOf(store, '2026-11', [], now)).toEqual([long])
})

test('single uses: those that overlap the month, ended ones once', async () => {
  const store = lists({ '2026-11': [useOf({ from: NOON, until: NOON + 5 }), useOf({ id: '', from: 0, until: 0 })] })
  const open = [useOf({ from: NOON, until: null }), useOf({ id: 'b', from: NOON, until: null })]
  const later = useOf({ id: 'c', from: Date.UTC(2026, 11, 2), until: null })
  const found = await usesOf(store, '2026-11', [...open, later], Date.UTC(2026, 11, 3))
  expect(found.map(({ id, until }) => [id.slice(0, 1), until])).toEqual([
    ['1', NOON + 5],
    ['b', null],
  ])
})

test('what ended since a place in the list, and which of what goes on is among it', async () => {
  const store = lists({ '2026-11': [useOf({ id: 'a' }), useOf({ id: 'b' })] })
  const { ended, over } = await endedSince(store, 1, NOON)
  expect(ended.map(({ id }) => id)).toEqual(['b'])
  expect([over.has(useOf({ id: 'b', until: null })), over.has(useOf({ id: 'a', until: null }))]).toEqual([true, false])
})

test('times of a lender count instead, also of what was added up before they were taken over', async () => {
  const store = lists({ '2026-11': [useOf({ from: NOON - HOUR_MS, until: NOON })] })
  const open = [useOf({ id: 'b', from: NOON, until: null })]
  const ledger = openLedger(store)
  const before = seconds(await ledger.month('2026-11', open, NOON + HOUR_MS))
  store.settled.kept.told = (use) => ({ ...use, from: use.from + 7_000, until: use.until && use.until - 3_000 })
  store.settled.kept.revision += 1
  expect(seconds(await ledger.month('2026-11', open, NOON + HOUR_MS))).toBe(before - 7 - 3 - 7)
  // From the beginning once, and not again.
  expect(store.asked).toEqual(['2026-11 0', '2026-11 0'])
  await ledger.month('2026-11', open, NOON + HOUR_MS)
  expect(store.asked.at(-1)).toBe('2026-11 1')
})
