/** Whoever would have one more machine give way, with no time left to save it, does not come in. */
import type { ComputeId } from '../../../../src/model/ids'
import { type Demand, hostViews } from '../../../../src/model/placement'
import { keepsReservations } from '../../../../src/model/placement/filters/keeps-reservations'
import { at, claimedHost, reserved, SMALL, yielding } from '../../../support/reserved-hosts'

const demand = (more: Partial<Demand> = {}): Demand => ({
  id: 'x' as ComputeId,
  size: SMALL,
  zone: null,
  avoid: [],
  ...more,
})
// Of four cores one has who gives way, and three are promised from then on.
const host = claimedHost('h1', { soft: yielding(), r: reserved('r', 3, at(1)) })
const admits = (asked: Demand, secondsBefore: number) =>
  keepsReservations.admits(asked, hostViews([host], at(1) - secondsBefore * 1000)[0] as never) === true

test('a machine without an end takes what the other would leave, while there is time to save that', () => {
  expect(admits(demand(), 60)).toBe(true)
  expect(admits(demand(), 30)).toBe(false)
})

test('one that gives way needs time for both', () => {
  expect(admits(demand({ yields: true }), 120)).toBe(true)
  expect(admits(demand({ yields: true }), 90)).toBe(false)
})

test('where there is room beside all of them, nobody needs time', () => {
  const large = claimedHost('h1', { soft: yielding(), r: reserved('r', 2, at(1)) })
  const [view] = hostViews([large], at(1) - 1000)
  for (const yields of [undefined, true as const])
    expect(keepsReservations.admits(demand(yields ? { yields } : {}), view as never)).toBe(true)
})
