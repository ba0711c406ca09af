import fc from 'fast-check'
import { assemble, joinOnce } from '../../../src/fragments/assemble'
import { type Part, Piece } from '../../../src/fragments/piece'

const text = (part: Part): string => part.before + part.piece.bytes.toString('utf8')
const joined = (runs: readonly Buffer[]): string => Buffer.concat(runs).toString('utf8')
const list = (count: number, name = 'p'): Part[] =>
  Array.from({ length: count }, (_, i) => ({ before: i === 0 ? '' : ',', piece: new Piece(`${name}${i}é`) }))
/** Runs of the second list that are the very bytes of the first. */
const kept = (before: readonly Buffer[], after: readonly Buffer[]): number =>
  after.filter((run) => before.includes(run)).length

test('the runs are all parts in their order, and the same runs for the same parts', () => {
  const parts = list(1_000)
  const runs = assemble(parts)
  expect(joined(runs)).toBe(parts.map(text).join(''))
  expect(runs.length).toBeLessThan(40)
  expect(assemble([...parts])).toEqual(runs)
  expect(kept(runs, assemble([...parts]))).toBe(runs.length)
  expect(assemble([])).toEqual([])
})

test.each([
  ['one is another', (parts: Part[]) => parts.with(500, { before: ',', piece: new Piece('new') })],
  ['the first is another', (parts: Part[]) => parts.with(0, { before: '', piece: new Piece('new') })],
  ['one came', (parts: Part[]) => parts.toSpliced(500, 0, { before: ',', piece: new Piece('new') })],
  ['one went', (parts: Part[]) => parts.toSpliced(500, 1)],
  ['one came at the end', (parts: Part[]) => [...parts, { before: ',', piece: new Piece('new') }]],
  [
    'what stands before one is another',
    (parts: Part[]) => parts.map((part, i) => (i === 500 ? { ...part, before: ';' } : part)),
  ],
])('%s: nearly all runs stay', (_what, change) => {
  const parts = list(1_000)
  const before = assemble(parts)
  const changed = change(parts)
  const after = assemble(changed)
  expect(joined(after)).toBe(changed.map(text).join(''))
  expect(kept(before, after)).toBeGreaterThanOrEqual(before.length - 2)
})

test('a list that grows one by one at any place is not cut into crumbs', () => {
  let parts = list(64)
  for (let i = 0; i < 500; i++) {
    parts = parts.toSpliced((i * 7) % parts.length, 0, { before: ',', piece: new Piece(`n${i}`) })
    assemble(parts)
  }
  expect(assemble(parts).length).toBeLessThanOrEqual(Math.ceil(parts.length / 16))
})

test('property: whatever comes, goes and changes, and whatever other lists share pieces, the bytes are right', () => {
  const step = fc.record({ at: fc.nat(400), remove: fc.nat(40), add: fc.nat(3), before: fc.constantFrom('', ',', 'ü') })
  fc.assert(
    fc.property(fc.nat(300), fc.array(step, { maxLength: 12 }), (size, steps) => {
      let parts = list(size)
      for (const [number, { at, remove, add, before }] of steps.entries()) {
        const fresh = list(add, `s${number}-`).map(({ piece }) => ({ before, piece }))
        parts = parts.toSpliced(at % (parts.length + 1), remove, ...fresh)
        const expected = parts.map(text).join('')
        expect(joined(assemble(parts))).toBe(expected)
        const some = parts.filter((_, i) => i % 3 === number % 3)
        expect(joined(assemble(some))).toBe(some.map(text).join(''))
        expect(joinOnce(parts, '!').toString('utf8')).toBe(`${expected}!`)
      }
    }),
    { numRuns: 200 },
  )
})
