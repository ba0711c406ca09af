import fc from 'fast-check'
import {
  costOf,
  formatAmount,
  leftOf,
  monthEnd,
  monthOf,
  monthStart,
  parseAmount,
  spentUntil,
} from '../../../../src/model/providers/money'

const HOUR = 3_600_000
const NOON = Date.UTC(2026, 10, 21, 12)

test('months are UTC, and a year ends in one', () => {
  expect([monthOf(NOON), monthOf(Date.UTC(2026, 11, 31, 23, 59))]).toEqual(['2026-11', '2026-12'])
  expect(new Date(monthStart(NOON)).toISOString()).toBe('2026-11-01T00:00:00.000Z')
  expect(new Date(monthEnd(Date.UTC(2026, 11, 31, 23))).toISOString()).toBe('2027-01-01T00:00:00.000Z')
})

test('an hour costs its price, a begun millionth counts, the past costs nothing', () => {
  expect([costOf(95_000, HOUR), costOf(95_000, HOUR / 2), costOf(1, 1), costOf(95_000, -1)]).toEqual([
    95_000, 47_500, 1, 0,
  ])
})

test('what is spent goes on from the last look, for machines that came since only from then on', () => {
  const first = spentUntil(undefined, [{ project: 'a', since: NOON, price: 1_000_000 }], NOON + HOUR)
  expect(first).toEqual({ month: '2026-11', at: NOON + HOUR, total: 1_000_000, projects: { a: 1_000_000 } })
  const machines = [
    { project: 'a', since: NOON, price: 1_000_000 },
    { project: 'b', since: NOON + 1.5 * HOUR, price: 2_000_000 },
  ]
  expect(spentUntil(first, machines, NOON + 2 * HOUR)).toMatchObject({
    total: 3_000_000,
    projects: { a: 2_000_000, b: 1_000_000 },
  })
})

test('a new month begins with nothing, and counts from its first moment', () => {
  const eve = Date.UTC(2026, 10, 30, 23)
  const before = spentUntil(undefined, [{ project: 'a', since: eve, price: 1_000_000 }], eve + HOUR / 2)
  const after = spentUntil(before, [{ project: 'a', since: eve, price: 1_000_000 }], eve + 2 * HOUR)
  expect(after).toMatchObject({ month: '2026-12', total: 1_000_000 })
})

test('what is left is the budget less what is spent and what machines cost until the month ends', () => {
  const now = monthEnd(NOON) - 10 * HOUR
  const spending = { month: '2026-11', at: now, total: 3_000_000, projects: {} }
  const machines = [{ project: '', since: 0, price: 100_000 }]
  expect(leftOf(10_000_000, spending, machines, now)).toBe(6_000_000)
})

test('however often it is looked at, the sum is that of one look, but for a millionth a look', () => {
  const looks = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 50 })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5_000_000 }), looks, (price, steps) => {
      const machine = [{ project: 'a', since: NOON, price }]
      let at = NOON
      let spending = spentUntil(undefined, machine, at)
      for (const step of steps) {
        at += step
        spending = spentUntil(spending, machine, at)
      }
      const once = spentUntil(undefined, machine, at).total
      expect(spending.total).toBeGreaterThanOrEqual(once)
      expect(spending.total - once).toBeLessThanOrEqual(steps.length)
    }),
  )
})

test('amounts are written as people read them and read as they are written', () => {
  expect([95_000, 12_340_000, 5_800, 1, 0, -500_000].map(formatAmount)).toEqual([
    '0.095',
    '12.34',
    '0.0058',
    '0.000001',
    '0.00',
    '-0.50',
  ])
  expect(['0.095', '7', '0.000001', '1.2345678', '-1', '', 'x', '1,5'].map(parseAmount)).toEqual([
    95_000,
    7_000_000,
    1,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 14 }), (amount) => parseAmount(formatAmount(amount)) === amount),
  )
})
