import fc from 'fast-check'
import {
  aheadOf,
  formatClaim,
  type HostClaim,
  hostViews,
  isOverbooked,
  movedClaim,
  parkedClaim,
  parseClaim,
  promisedAt,
  resizedClaim,
  slotsIn,
  takenNow,
} from '../../../../src/model/placement'
import type { ComputePlace } from '../../../../src/model/records'
import { computeRecord } from '../../../support/compute-record'
import { sizeOf } from '../../../support/host-record'
import { at, claimedHost, covered, firm, reserved, SMALL, yielding } from '../../../support/reserved-hosts'

const FOUR = { cpuHundredths: 400, memoryMiB: 16_384, diskGiB: 100 }
const cores = (parts: readonly { readonly cpuHundredths: number }[]): number =>
  parts.reduce((sum, part) => sum + part.cpuHundredths / 100, 0)

test('a reservation that has begun takes its places, one that comes later does not yet', () => {
  const claims = [firm(), reserved('r', 2, at(1), at(3))]
  expect(cores(takenNow(claims, at(0)))).toBe(1)
  expect(cores(takenNow(claims, at(1)))).toBe(3)
  expect(cores(takenNow(claims, at(3)))).toBe(1)
  // Who does not know the time counts all of it.
  expect(cores(takenNow(claims))).toBe(3)
})

test('a machine in a place is counted once, and gives the place back when its claim ends', () => {
  const held = reserved('r', 2, at(0))
  expect(cores(takenNow([held, covered('r')], at(1)))).toBe(2)
  expect(cores(takenNow([held, covered('r'), covered('r')], at(1)))).toBe(2)
  expect(slotsIn([held, covered('r')], at(1))).toMatchObject([{ reservation: 'r', free: 1 }])
  expect(slotsIn([held, covered('r'), covered('r')], at(1))).toEqual([])
  expect(slotsIn([reserved('r', 1, at(2))], at(1))).toEqual([])
})

test('what gives way is not promised its cores and its memory, and keeps its disk', () => {
  expect(promisedAt([yielding()], at(1))).toEqual([{ cpuHundredths: 0, memoryMiB: 0, diskGiB: SMALL.diskGiB }])
  expect(cores(promisedAt([yielding(SMALL, at(2))], at(1)))).toBe(1)
  expect(cores(promisedAt([yielding(SMALL, at(2))], at(2)))).toBe(0)
})

test('a machine in a reservation gives way from its end on; a later end lets it stay', () => {
  const machine = covered('r', SMALL, at(2))
  expect(cores(promisedAt([reserved('r', 1, at(0), at(2)), machine], at(2)))).toBe(0)
  expect(cores(promisedAt([reserved('r', 1, at(0), at(5)), machine], at(3)))).toBe(1)
  expect(cores(promisedAt([reserved('r', 1, at(0)), machine], at(9)))).toBe(1)
})

test('what is free when each reservation begins, and whether more is promised than there is', () => {
  const claims = [firm(), reserved('a', 2, at(1), at(2)), reserved('b', 3, at(2))]
  expect(aheadOf(FOUR, claims, at(0)).map(({ at: time, free }) => [time, free.cpuHundredths])).toEqual([
    [at(1), 100],
    [at(2), 0],
  ])
  expect(isOverbooked(FOUR, claims, at(0))).toBe(false)
  expect(isOverbooked(FOUR, [...claims, firm()], at(0))).toBe(true)
  expect(isOverbooked(FOUR, [...claims, yielding()], at(0))).toBe(false)
})

test('a host tells of reservations only where it has some, and counts its machines without them', () => {
  const plain = claimedHost('1', { m: firm() })
  const [view] = hostViews([plain], at(0))
  expect(view).not.toHaveProperty('ahead')
  expect(view).not.toHaveProperty('slots')
  const [other] = hostViews([claimedHost('1', { m: firm(), r: reserved('r', 2, at(0)) })], at(0))
  expect(other).toMatchObject({ machines: 1, free: { cpuHundredths: 100 }, slots: [{ free: 2 }] })
})

test('a resized machine leaves its reservation unless only its disk grew, and gives way as before', () => {
  const former = formatClaim({ ...covered('r', SMALL, 5) })
  expect(resizedClaim(former, { ...SMALL, diskGiB: 9 })).toMatchObject({ covers: 'r', yields: 5, diskGiB: 9 })
  const other = resizedClaim(former, sizeOf(2, 2048))
  expect(other).toEqual({ ...sizeOf(2, 2048), yields: 5 })
  expect(resizedClaim(undefined, SMALL)).toEqual(SMALL)
  const going = formatClaim({ ...SMALL, leaving: true, home: true })
  expect(resizedClaim(going, { ...SMALL, diskGiB: 9 })).toEqual({ ...SMALL, diskGiB: 9, leaving: true, home: true })
  const parked = formatClaim(parkedClaim({ ...SMALL, yields: 5 }))
  expect(resizedClaim(parked, sizeOf(2, 2048, 9))).toMatchObject({ cores: 0, memoryMiB: 0, diskGiB: 9, yields: 5 })
})

test('a claim is read as it was written', () => {
  const claim = reserved('r', 3, at(0), at(4), { match: 'targeted' })
  expect(parseClaim(formatClaim(claim))).toEqual(claim)
})

const anyClaim: fc.Arbitrary<HostClaim> = fc.oneof(
  fc.constant(firm()),
  fc.nat(9).map((hours) => yielding(SMALL, at(hours))),
  fc.constantFrom('a', 'b').map((id) => covered(id)),
  fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(3), fc.nat(9), fc.integer({ min: 1, max: 9 }))
    .map(([id, slots, from, hours]) => reserved(id, slots, at(from), at(from + hours))),
)

test('what is free between two beginnings is never less than at one of them: looking there is enough', () => {
  fc.assert(
    fc.property(fc.array(anyClaim, { maxLength: 8 }), fc.nat(20), (claims, half) => {
      const time = at(half / 2)
      const last = [at(0), ...aheadOf(FOUR, claims, at(0)).map((one) => one.at)].filter((one) => one <= time).at(-1)
      return cores(promisedAt(claims, time)) <= cores(promisedAt(claims, last ?? at(0)))
    }),
  )
})

test('a machine with a lease keeps its end where it is moved to', () => {
  const lease = { run: 1000, ends: 100_000 }
  const moved = (wish: object, place: Partial<ComputePlace> = {}) =>
    movedClaim(computeRecord({ wish: { lease: wish }, place: { lease, ...place } })).yields
  expect(moved({ seconds: 60 })).toBe(130_000)
  expect(moved({ seconds: 60, preemptible: true })).toBe(0)
  expect(moved({ seconds: 60, preemptible: true, deadline: 200_000 })).toBe(130_000)
  expect(moved({ seconds: 60, over: 5 })).toBeUndefined()
  expect(moved({ seconds: 60, preemptible: true, deadline: 200_000, over: 5 })).toBe(0)
  const parked = { since: 1, how: 'saved', by: 'cr-1' } as const
  expect(moved({ seconds: 60, preemptible: true }, { parked })).toBe(0)
  // The rest of its time begins with its arrival, whenever that is.
  expect(moved({ seconds: 60, preemptible: true, deadline: 200_000 }, { parked })).toBeUndefined()
})
