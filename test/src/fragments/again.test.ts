import fc from 'fast-check'
import { madeAgain, mapAgain, same, succeeds } from '../../../src/fragments/again'
import { Recent } from '../../../src/fragments/recent'

const record = (id: number) => ({ id })

test('only what differs is made anew; where something came or went, all from the first difference to the last', () => {
  const records = Array.from({ length: 10 }, (_, i) => record(i))
  const first = mapAgain(records, undefined, ({ id }) => ({ id }))
  const made: number[] = []
  const changed = records.with(4, record(40)).with(6, record(60))
  const second = mapAgain(changed, first, ({ id }) => {
    made.push(id)
    return { id }
  })
  expect(made).toEqual([40, 60])
  expect(second.things.map(({ id }) => id)).toEqual([0, 1, 2, 3, 40, 5, 60, 7, 8, 9])
  expect(second.things[3]).toBe(first.things[3])
  expect(second.things[9]).toBe(first.things[9])
  const longer = mapAgain(changed.toSpliced(5, 0, record(45)).toSpliced(7, 1, record(61)), second, ({ id }) => {
    made.push(id)
    return { id }
  })
  expect(made).toEqual([40, 60, 45, 5, 61])
  expect(longer.things.map(({ id }) => id)).toEqual([0, 1, 2, 3, 40, 45, 5, 61, 7, 8, 9])
})

test('property: after any changes it is what making all of them gives', () => {
  const step = fc.record({ at: fc.nat(30), remove: fc.nat(3), add: fc.nat(3) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let next = 0
      let made = mapAgain<{ readonly id: number }, number>([], undefined, ({ id }) => id)
      for (const { at, remove, add } of steps) {
        const fresh = Array.from({ length: add }, () => record(next++))
        const records = made.records.toSpliced(at % (made.records.length + 1), remove, ...fresh)
        made = mapAgain(records, made, ({ id }) => id)
        expect(made.things).toEqual(records.map(({ id }) => id))
      }
    }),
  )
})

test('what is the same at both ends is never counted twice', () => {
  expect(same([1, 1, 1], [1, 1])).toEqual({ before: 2, behind: 0 })
  expect(same([1, 2, 3], [1, 9, 3])).toEqual({ before: 1, behind: 1 })
  expect(same([], [1])).toEqual({ before: 0, behind: 0 })
})

test('what was made of a list is given to whoever makes it of its successor, each for themselves', () => {
  const [one, two, alone] = [[1], [1, 2], [3]]
  const [sum, size] = [{}, {}]
  const add = (list: readonly number[], by: object) =>
    madeAgain<string>(list, by, (former) => `${former ?? ''}<${list.join()}`)
  succeeds(one, undefined)
  expect(add(one, sum)).toBe('<1')
  succeeds(two, one)
  expect(add(two, sum)).toBe('<1<1,2')
  expect(add(two, size)).toBe('<1,2')
  expect([add(alone, sum), add(alone, sum)]).toEqual(['<3', '<3'])
})

test('who has not asked for long is forgotten', () => {
  const recent = new Recent<string, number>(2)
  recent.set('a', 1)
  recent.set('b', 2)
  recent.set('a', 3)
  recent.set('c', 4)
  expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([3, undefined, 4])
})
