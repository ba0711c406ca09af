import fc from 'fast-check'
import type { Ec2Context } from '../../../../src/ec2/action'
import { everything } from '../../../../src/ec2/filters/filter'
import { matchesAgain } from '../../../../src/ec2/filters/filter-again'

interface Thing {
  readonly number: number
}
const thing = (number: number): Thing => ({ number })
const even = ({ number }: Thing): boolean => number % 2 === 0
const list = Array.from({ length: 600 }, (_, i) => thing(i))
const filters = [{ Name: 'number', Values: ['even'] }]

/** A context whose other records change when the test says so, and a predicate that counts how often it is asked. */
function setting() {
  const state = { asOf: '1', asked: 0 }
  const context = {
    operations: { asOf: () => state.asOf },
    caller: { project: 'p' },
  } as unknown as Ec2Context
  const matches = (one: Thing): boolean => {
    state.asked++
    return even(one)
  }
  const found = (all: readonly Thing[], name = 'things') => {
    const at = matchesAgain(all, matches, { name, filters }, context)
    return all.filter((one, index) => at(one, index))
  }
  return { state, context, found }
}

test('of things that are the same nothing is asked again', () => {
  const { state, found } = setting()
  expect(found(list)).toEqual(list.filter(even))
  expect(state.asked).toBe(600)
  const changed = list.with(10, thing(1_001)).with(500, thing(1_002))
  expect(found(changed)).toEqual(changed.filter(even))
  expect(state.asked).toBe(602)
})

test('all are asked again when something else changed, and by another listing', () => {
  const { state, found } = setting()
  found(list)
  state.asOf = '2'
  found(list)
  expect(state.asked).toBe(1_200)
  found(list, 'others')
  expect(state.asked).toBe(1_800)
})

test('no filter, and short lists, are as they are', () => {
  const { context } = setting()
  const asked = { name: 'things', filters }
  expect(matchesAgain(list, everything, asked, context)).toBe(everything)
  expect(matchesAgain(list.slice(0, 9), even, asked, context)).toBe(even)
})

test('property: whatever comes, goes and changes, it is what the filter says of each', () => {
  const step = fc.record({ at: fc.nat(700), remove: fc.nat(5), add: fc.array(fc.nat(99), { maxLength: 5 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
      const { found } = setting()
      let all: readonly Thing[] = list
      for (const { at, remove, add } of steps) {
        all = all.toSpliced(at % (all.length + 1), remove, ...add.map(thing))
        expect(found(all)).toEqual(all.filter(even))
      }
    }),
  )
})
