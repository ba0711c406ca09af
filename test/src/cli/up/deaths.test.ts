import { countDeaths, pauseAfter } from '../../../../src/cli/up/deaths'

test.each([
  [1, 100],
  [2, 200],
  [5, 1_600],
  [8, 10_000],
  [50, 10_000],
])('after %d deaths it waits %d ms', (deaths, ms) => {
  expect(pauseAfter(deaths)).toBe(ms)
})

test('deaths in a row are counted; after one that ran for long the pause is short again', () => {
  let now = 0
  const deaths = countDeaths(() => now)
  const after = (ranMs: number): number => {
    deaths.started()
    now += ranMs
    return deaths.died()
  }
  expect([1, 1, 1].map(after)).toEqual([100, 200, 400])
  expect(deaths.count).toBe(3)
  expect(after(30_001)).toBe(100)
  expect(deaths.count).toBe(1)
  expect(after(29_999)).toBe(200)
})

test('the time that it was not running does not count', () => {
  let now = 0
  const deaths = countDeaths(() => now)
  deaths.died()
  now += 60_000
  deaths.started()
  now += 1
  expect(deaths.died()).toBe(200)
})
