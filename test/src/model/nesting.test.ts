import { isDeeper } from '../../../src/model/nesting'

test('objects and lists are a level each; a plain value is none', () => {
  for (const plain of [1, 'x', null, true, undefined]) expect(isDeeper(plain, 0)).toBe(false)
  const value = { a: [{ b: 1 }, 'x'] }
  expect([2, 3].map((levels) => isDeeper(value, levels))).toEqual([true, false])
  expect(isDeeper([], 0)).toBe(true)
})

test('what is nested without end is found out without going there', () => {
  for (const text of [
    '['.repeat(1_000_000) + ']'.repeat(1_000_000),
    `${'{"a":'.repeat(1_000_000)}1${'}'.repeat(1_000_000)}`,
  ])
    expect(isDeeper(JSON.parse(text), 64)).toBe(true)
})
