import { alarmOf, isNews, percentOf, type Spent } from '../../../../src/model/accounts'

const spent = (percent: number, parts: Partial<Spent> = {}): Spent => ({
  ...{ month: '2026-11', spent: percent * 10, budget: 1_000, alarmAt: 80 },
  ...parts,
})

test('two marks: the one that is asked for, and all of it', () => {
  expect(alarmOf(undefined, spent(79), 5)).toBeUndefined()
  expect(alarmOf(undefined, spent(80), 5)).toEqual({ month: '2026-11', mark: 80, at: 5 })
  expect(alarmOf(undefined, spent(130), 5)).toEqual({ month: '2026-11', mark: 100, at: 5 })
  expect(alarmOf(undefined, spent(500, { budget: null }), 5)).toBeUndefined()
})

test('each is told once a month: the former stands, a higher one is news, another month is', () => {
  const first = alarmOf(undefined, spent(85), 5)
  const same = alarmOf(first, spent(90), 9)
  expect(same).toBe(first)
  expect(isNews(first, same)).toBe(false)
  const over = alarmOf(same, spent(100), 12)
  expect([over?.at, isNews(same, over)]).toEqual([12, true])
  expect(isNews(over, alarmOf(over, spent(85, { month: '2026-12' }), 20))).toBe(true)
})

test('a larger budget ends it, and it may be told again; a smaller mark than before is no news', () => {
  const over = alarmOf(undefined, spent(100), 5)
  expect(alarmOf(over, spent(10), 6)).toBeUndefined()
  expect(isNews(over, undefined)).toBe(false)
  expect(isNews(over, alarmOf(over, spent(85), 7))).toBe(false)
})

test('a budget of nothing is used up by the first millionth', () => {
  expect([percentOf(0, 0), percentOf(1, 0), percentOf(50, 200)]).toEqual([0, 100, 25])
})
