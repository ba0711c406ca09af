import fc from 'fast-check'
import {
  figureOf,
  isProblem,
  namesIn,
  parseRank,
  rankColumns,
  type Value,
} from '../../../../../src/model/placement/expressions'
import { bindRank } from '../../../../support/rank-by-row'

const NAMES = ['A', 'B', 'C']
const literal = fc.constantFrom(
  '0',
  '1',
  '2.5',
  '-3',
  '100',
  '16777217',
  '0.1',
  '300000000000000000000000000000000000000',
)
const text = fc.letrec<{ term: string }>((tie) => ({
  term: fc.oneof(
    { depthSize: 'small' },
    literal,
    fc.constantFrom(...NAMES),
    fc.tuple(tie('term'), fc.constantFrom('+', '-', '*', '/'), tie('term')).map(([a, by, b]) => `(${a} ${by} ${b})`),
    tie('term').map((of) => `- (${of})`),
  ),
})).term
const value: fc.Arbitrary<Value> = fc.oneof(
  fc.double({ min: -1e9, max: 1e9, noNaN: true }),
  fc.integer({ min: -1000, max: 1000 }),
  fc.constantFrom(undefined, '', 'none', '12 cores', '7', '1e39'),
)

test('what hosts rank as, one by one and all at once, is what each row ranks as', () => {
  fc.assert(
    fc.property(text, fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 8 }), (written, rows) => {
      const rank = parseRank(written)
      if (isProblem(rank)) throw new Error(`${written}: ${rank.message}`)
      const byRow = bindRank(rank, (name) => NAMES.indexOf(name))
      const columns = NAMES.map((_name, at) => Float32Array.from(rows, (row) => figureOf(row[at])))
      const before = columns.map((column) => column.slice())
      const { of, all } = rankColumns(rank, (name) => columns[NAMES.indexOf(name)] ?? new Float32Array(), rows.length)
      const expected = rows.map((row) => byRow(row))
      expect(rows.map((_row, at) => of(at))).toEqual(expected)
      expect(Array.from(all())).toEqual(expected)
      expect(columns).toEqual(before)
      expect([...namesIn(rank.tree)].every((name) => NAMES.includes(name))).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('one host is ranked by what its columns hold now', () => {
  const rank = parseRank('A * 2')
  if (isProblem(rank)) throw new Error(rank.message)
  const column = new Float32Array([1, 5])
  const { of } = rankColumns(rank, () => column, 2)
  column[1] = 7
  expect([of(0), of(1)]).toEqual([2, 14])
})
