import fc from 'fast-check'
import type { HostClaim } from '../../../src/model/placement'
import { giveWay, type Yielding } from '../../../workers/scheduler/give-way'
import { sizeOf } from '../../support/host-record'
import { at, covered, firm, HOUR, reserved, SMALL, yielding } from '../../support/reserved-hosts'

const FOUR = { cpuHundredths: 400, memoryMiB: 16_384, diskGiB: 100 }
const machine = (id: string, orderedAt: number, claim: HostClaim = yielding()): Yielding => ({ id, claim, orderedAt })
const way = (others: readonly HostClaim[], machines: readonly Yielding[], now: number) =>
  giveWay(FOUR, [...others, ...machines.map(({ claim }) => claim)], machines, now)
const ids = (given: ReturnType<typeof giveWay>) => given.now.map(({ id }) => id)
/** Saving 1024 MiB: 2 s and 32 s; and the margin. */
const LEAD = 39_000

test('nobody gives way while there is room beside', () => {
  expect(way([reserved('r', 2, at(0))], [machine('a', 1), machine('b', 2)], at(0))).toEqual({ now: [], next: null })
  expect(way([firm()], [machine('a', 1)], at(0))).toEqual({ now: [], next: null })
})

test('L1: saved in time, not before', () => {
  const others = [reserved('r', 4, at(1), at(2))]
  expect(way(others, [machine('a', 1)], at(0))).toEqual({ now: [], next: at(1) - LEAD })
  expect(way(others, [machine('a', 1)], at(1) - LEAD - 1)).toMatchObject({ now: [] })
  expect(way(others, [machine('a', 1)], at(1) - LEAD)).toEqual({ now: [{ id: 'a', by: 'cr-r' }], next: null })
})

test('the youngest order goes first, one after another until it fits', () => {
  const machines = [machine('old', 1), machine('young', 3), machine('middle', 2)]
  expect(ids(way([reserved('r', 3, at(0))], machines, at(0)))).toEqual(['young', 'middle'])
  expect(ids(way([reserved('r', 2, at(0))], machines, at(0)))).toEqual(['young'])
})

test('several on one host are saved one after another: they begin earlier (L7)', () => {
  const machines = [machine('a', 1), machine('b', 2)]
  expect(way([reserved('r', 4, at(1))], machines, at(0)).next).toBe(at(1) - 2 * 34_000 - 5000)
})

test('a machine in a reservation gives way after its end alone', () => {
  const inside = machine('m', 1, covered('r', SMALL, at(1)))
  const others = [firm(), firm(), firm(), reserved('r', 1, at(0), at(1)), reserved('s', 1, at(1))]
  expect(way(others, [inside], at(0))).toEqual({ now: [], next: at(1) - LEAD })
  expect(ids(way(others, [inside], at(1)))).toEqual(['m'])
  expect(way([reserved('r', 1, at(0), at(9)), firm(), firm(), firm()], [inside], at(1))).toEqual({
    now: [],
    next: null,
  })
})

test('firm machines never give way, even where the host became too small', () => {
  expect(ids(way([firm(sizeOf(4, 1024)), reserved('r', 1, at(0))], [machine('a', 1)], at(0)))).toEqual(['a'])
})

test('after all have given way, what begins has its room wherever it was promised', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4 }),
      fc.array(fc.nat(100), { maxLength: 6 }),
      fc.integer({ min: -2, max: 2 }),
      (slots, orders, hours) => {
        const machines = orders.map((order, index) => machine(`m${index}`, order))
        const others = [reserved('r', slots, at(1))]
        const given = way(others, machines, at(1) + hours * HOUR)
        const stay = machines.filter(({ id }) => !given.now.some((one) => one.id === id))
        return hours < 0 || slots === 0 || stay.length + slots <= 4
      },
    ),
  )
})
