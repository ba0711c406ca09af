import { isProblem, parseRank } from '../../../../../src/model/placement/expressions'
import { ranked } from '../../../../support/placement-hosts'

const on = (text: string, attributes: Record<string, number | string>) =>
  ranked(text, [{ id: 0, name: 'h', attributes }])[0]

test.each<[string, number]>([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['10 - 4 - 3', 3],
  ['16 / 4 / 2', 2],
  ['- 7 / 2', -3],
  ['- - 5', 5],
  ['-5 * 2', -10],
  ['0 - 0.5', 0],
  ['X', 0],
  ['A / 2', 2],
  ['"B" + 1', 13],
  ['freecpu', 650],
])('%s is %i', (text, value) => {
  expect(on(text, { A: 5.9, B: '12 MHz', FREE_CPU: 650 })).toBe(value)
})

test('single precision, as OpenNebula computes', () => {
  expect(on('16777216 + 1', {})).toBe(16777216)
})

test('a division by zero, or more than any number: the host has no rank', () => {
  expect(on('1 / X', {})).toBeNaN()
  expect(on('2 * (1 / (A - A))', { A: 3 })).toBeNaN()
  expect(on(`A${' * A'.repeat(20)}`, { A: 1e9 })).toBeNaN()
})

test.each<[string, number, string]>([
  ['A +', 4, 'expected a number or the name of an attribute, found the end'],
  ['A B', 3, 'expected + - * or /, found B'],
  ['5-3', 2, 'expected + - * or /, found -3 (to subtract, write "- 3")'],
  ['(A', 3, 'expected + - * / or ), found the end'],
  ['A > 1', 3, '">" has no meaning here'],
  ['CURRENT_VMS', 1, 'CURRENT_VMS is a list and has no rank'],
])('%s: column %i', (text, column, message) => {
  expect(parseRank(text)).toEqual({ line: 1, column, message })
})

test('nesting has a bound', () => {
  expect(isProblem(parseRank(`${'('.repeat(101)}1${')'.repeat(101)}`))).toBe(true)
  expect(isProblem(parseRank(`${'- '.repeat(1500)}1`))).toBe(false)
})
