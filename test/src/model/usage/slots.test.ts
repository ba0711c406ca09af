import fc from 'fast-check'
import { fill, mean, type Point, type Slot, WINDOWS } from '../../../../src/model/usage/slots'

const SLOT = 30_000

/** Looks one after the other into slots. */
function follow(looks: readonly { readonly ms: number; readonly value: number | null }[]) {
  const points: Point[] = []
  let slot: Slot | null = null
  let at = 1_000_000_000
  for (const { ms, value } of looks) {
    at += ms
    const filled: ReturnType<typeof fill> = fill(slot, { at, values: [value], ms, slotMs: SLOT })
    slot = filled.slot
    if (filled.closed) points.push(filled.closed)
  }
  return { points, slot, at }
}

const looks = fc.array(
  fc.record({
    ms: fc.integer({ min: 1, max: 70_000 }),
    value: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: null }),
  }),
  { minLength: 1, maxLength: 60 },
)

test('windows are an hour of half minutes and a day of five minutes', () => {
  expect(WINDOWS.hour.slotMs * WINDOWS.hour.points).toBe(3_600_000)
  expect(WINDOWS.day.slotMs * WINDOWS.day.points).toBe(24 * 3_600_000)
})

test('each slot is told once, in order, at its beginning', () => {
  fc.assert(
    fc.property(looks, (all) => {
      const times = follow(all).points.map(({ at }) => at)
      expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b))
      for (const at of times) expect(at % SLOT).toBe(0)
    }),
  )
})

test('a mean lies between the least and the most that was seen', () => {
  fc.assert(
    fc.property(looks, (all) => {
      const seen = all.flatMap(({ value }) => (value === null ? [] : [value]))
      for (const { values } of follow(all).points) {
        const [value = null] = values
        if (value === null) continue
        expect(value).toBeGreaterThanOrEqual(Math.min(...seen))
        expect(value).toBeLessThanOrEqual(Math.max(...seen))
      }
    }),
  )
})

test('nothing is lost: points and the open slot together weigh all that was known', () => {
  fc.assert(
    fc.property(looks, (all) => {
      const known = all.filter(({ value }) => value !== null)
      // Followed look by look, closed slots are re-made from the slots as they were.
      let total = 0
      let slot: Slot | null = null
      let at = 1_000_000_000
      for (const { ms, value } of all) {
        at += ms
        const filled: ReturnType<typeof fill> = fill(slot, { at, values: [value], ms, slotMs: SLOT })
        if (slot !== null && slot.at !== filled.slot.at) total += slot.sums[0] ?? 0
        slot = filled.slot
      }
      total += slot?.sums[0] ?? 0
      expect(total).toBe(known.reduce((sum, { ms, value }) => sum + ms * (value ?? 0), 0))
    }),
  )
})

test('a mean is weighed by time; what was unknown weighs nothing', () => {
  const { slot } = follow([
    { ms: 20_001, value: 3 },
    { ms: 1000, value: null },
    { ms: 5000, value: 9 },
  ])
  const { points } = follow([
    { ms: 20_001, value: 3 },
    { ms: 1000, value: null },
    { ms: 5000, value: 9 },
    { ms: SLOT, value: 0 },
  ])
  expect(slot).not.toBeNull()
  const all = [...points, ...(slot ? [mean(slot)] : [])].flatMap((point) => point?.values ?? [])
  expect(all).toContain(Math.round(((20_001 * 3 + 5000 * 9) / 25_001) * 1000) / 1000)
})

test('a slot in which nothing was known is no point', () => {
  expect(mean({ at: 0, sums: [0, 0], ms: [0, 0] })).toBeNull()
  expect(mean({ at: 0, sums: [0, 10], ms: [0, 5] })).toEqual({ at: 0, values: [null, 2] })
})
