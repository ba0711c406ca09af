import fc from 'fast-check'
import { type Assignment, assign } from '../../../workers/scheduler/flow'

const total = (given: readonly (readonly number[])[]) => given.flat().reduce((sum, many) => sum + many, 0)
const cost = ({ price }: Assignment, given: readonly (readonly number[])[]) =>
  given
    .flatMap((row, kind) => row.map((many, offer) => (many === 0 ? 0 : many * (price(kind, offer) ?? Number.NaN))))
    .reduce((sum, one) => sum + one, 0)

/** Every way, one after another: most of them served, then cheapest. */
function exactly({ counts, left, price }: Assignment): { readonly served: number; readonly cost: number } {
  const known = new Map<string, { served: number; cost: number }>()
  const best = (waiting: readonly number[], offer: number, many: number): { served: number; cost: number } => {
    if (offer >= left.length) return { served: 0, cost: 0 }
    if (many === 0) return best(waiting, offer + 1, left[offer + 1] ?? 0)
    const key = JSON.stringify([waiting, offer, many])
    const before = known.get(key)
    if (before) return before
    let found = best(waiting, offer + 1, left[offer + 1] ?? 0)
    waiting.forEach((count, kind) => {
      const its = price(kind, offer)
      if (count === 0 || its === undefined) return
      const rest = best(
        waiting.map((one, at) => (at === kind ? one - 1 : one)),
        offer,
        many - 1,
      )
      const one = { served: rest.served + 1, cost: rest.cost + its }
      if (one.served > found.served || (one.served === found.served && one.cost < found.cost)) found = one
    })
    known.set(key, found)
    return found
  }
  return best(counts, 0, left[0] ?? 0)
}

const small = fc
  .record({ kinds: fc.integer({ min: 1, max: 3 }), offers: fc.integer({ min: 1, max: 4 }) })
  .chain(({ kinds, offers }) =>
    fc.record({
      counts: fc.array(fc.nat(3), { minLength: kinds, maxLength: kinds }),
      left: fc.array(fc.nat(3), { minLength: offers, maxLength: offers }),
      prices: fc.array(fc.array(fc.option(fc.integer({ min: 1, max: 9 })), { minLength: offers, maxLength: offers }), {
        minLength: kinds,
        maxLength: kinds,
      }),
    }),
  )

test('as many as can be, at the price of the best of all ways', () => {
  fc.assert(
    fc.property(small, ({ counts, left, prices }) => {
      const asked: Assignment = { counts, left, price: (kind, offer) => prices[kind]?.[offer] ?? undefined }
      const given = assign(asked)
      given.forEach((row, kind) => {
        expect(row.reduce((sum, many) => sum + many, 0)).toBeLessThanOrEqual(counts[kind] ?? 0)
        expect(row.every((many) => many >= 0)).toBe(true)
      })
      left.forEach((many, offer) => {
        expect(given.reduce((sum, row) => sum + (row[offer] ?? 0), 0)).toBeLessThanOrEqual(many)
      })
      const best = exactly(asked)
      expect({ served: total(given), cost: cost(asked, given) }).toEqual(best)
    }),
    { numRuns: 300 },
  )
})

test('thousands at once', () => {
  const asked: Assignment = {
    counts: [4000, 3000],
    left: [3500, 2000, 10_000],
    price: (kind, offer) =>
      [
        [10, 20, 90],
        [11, undefined, 50],
      ][kind]?.[offer],
  }
  const given = assign(asked)
  expect(total(given)).toBe(7000)
  expect(given).toEqual([
    [2000, 2000, 0],
    [1500, 0, 1500],
  ])
})
