import fc from 'fast-check'
import { directionOf } from '../../../../src/model/placement'
import { namesIn, parseRank, type Rank } from '../../../../src/model/placement/expressions'
import { bindRank } from '../../../support/rank-by-row'

const compiled = (text: string): Rank => {
  const rank = parseRank(text)
  if (!('tree' in rank)) throw new Error(`no rank: ${text}`)
  return rank
}
const directed = (text: string): string => directionOf(compiled(text).tree)

test.each([
  ['', 'stays'],
  ['7', 'stays'],
  ['CPUSPEED * MAX_MEM / FREE_CPU', 'stays'],
  ['RUNNING_VMS', 'rises'],
  ['- RUNNING_VMS', 'falls'],
  ['- (CPUSPEED - RUNNING_VMS)', 'rises'],
  ['RUNNING_VMS * 10 + FREE_CPU / 100', 'rises'],
  ['- RUNNING_VMS * 100 + CPUSPEED + 3', 'falls'],
  ['MAX_MEM - MEM_USAGE', 'falls'],
  ['2 * CPU_USAGE', 'rises'],
  ['CPU_USAGE / 2', 'rises'],
  // Which of them wins depends on figures.
  ['RUNNING_VMS - CPU_USAGE', 'any'],
  // What it is multiplied by, or divided by, may be below zero, or moves itself.
  ['RUNNING_VMS * SHARE', 'any'],
  ['RUNNING_VMS / SHARE', 'any'],
  ['RUNNING_VMS * -1', 'any'],
  ['RUNNING_VMS * 0', 'any'],
  ['100 / RUNNING_VMS', 'any'],
  ['RUNNING_VMS * CPU_USAGE', 'any'],
])('%s: %s', (text, direction) => {
  expect(directed(text)).toBe(direction)
})

const nameArb = fc.constantFrom('RUNNING_VMS', 'CPU_USAGE', 'MEM_USAGE', 'CPUSPEED', 'SHARE')
const termArb: fc.Arbitrary<string> = fc.letrec<{ readonly term: string }>((tie) => ({
  term: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    nameArb,
    fc.integer({ min: 0, max: 200 }).map(String),
    tie('term').map((of) => `- (${of})`),
    fc
      .tuple(tie('term'), fc.constantFrom('+', '-', '*', '/'), tie('term'))
      .map(([left, by, right]) => `(${left}) ${by} (${right})`),
  ),
})).term

const MOVING = ['RUNNING_VMS', 'CPU_USAGE', 'MEM_USAGE']
const valueArb = fc.integer({ min: -5000, max: 5000 })

test('no rank goes another way than it is said to', () => {
  fc.assert(
    fc.property(
      termArb,
      fc.array(valueArb, { minLength: 5, maxLength: 5 }),
      fc.nat({ max: 800 }),
      (text, values, more) => {
        const rank = compiled(text)
        const names = [...namesIn(rank.tree)]
        const rankOf = bindRank(rank, (name) => names.indexOf(name))
        const before = names.map((name, index) =>
          MOVING.includes(name) ? Math.abs(values[index] ?? 0) : (values[index] ?? 0),
        )
        const after = before.map((value, index) => (MOVING.includes(names[index] ?? '') ? value + more : value))
        const [was, is] = [rankOf(before), rankOf(after)]
        // A division by zero comes last, and stays there unless what it divides by moves.
        const direction = directionOf(rank.tree)
        if (direction === 'any') return
        if (Number.isNaN(was)) expect(is).toBeNaN()
        else if (direction === 'stays') expect(is).toBe(was)
        else if (direction === 'falls') expect(is).toBeLessThanOrEqual(was)
        else expect(is).toBeGreaterThanOrEqual(was)
      },
    ),
    { numRuns: 3000 },
  )
})
