import fc from 'fast-check'
import type { HostId } from '../../../../src/model/ids'
import type { HostView } from '../../../../src/model/placement'
import { type RebalanceOrder, rebalance, type Seated } from '../../../../workers/scheduler/rebalance'
import { bestByTrying } from '../../../support/exact-rebalance'
import { demand, hostView, sizeOf } from '../../../support/host-record'

/** Hosts of so much memory (CPU abounds), each with machines of these sizes. */
function site(
  memory: number,
  seats: readonly (readonly number[])[],
  parts: (at: number) => Partial<HostView> = () => ({}),
) {
  const usable = { cpuHundredths: 100_000, memoryMiB: memory, diskGiB: 1000 }
  const machines = seats.flatMap((sizes, at) =>
    sizes.map(
      (size, index): Seated => ({
        demand: demand(`m${at}.${index}`, sizeOf(1, size, 1)),
        host: `h${at}` as HostId,
        how: 'live',
      }),
    ),
  )
  const hosts = seats.map((sizes, at) => {
    const used = sizes.reduce((sum, size) => sum + size, 0)
    const free = { cpuHundredths: 100_000 - 100 * sizes.length, memoryMiB: memory - used, diskGiB: 1000 - sizes.length }
    return hostView(`h${at}`, { usable, free, machines: sizes.length, ...parts(at) })
  })
  return { hosts, machines }
}
const run = ({ hosts, machines }: ReturnType<typeof site>, order: Partial<RebalanceOrder> = {}) =>
  rebalance(hosts, machines, { goal: 'balance', budget: 100, bandwidth: 10, ...order })
const short = ({ moves }: ReturnType<typeof run>) => moves.map(({ machine, from, to }) => `${machine} ${from}>${to}`)

test('example 28: one migration brings 90 to 60, and a second could not go below', () => {
  const plan = run(site(100, [[30, 30, 30], [30], [30]]))
  expect(short(plan)).toEqual(['m0.0 h0>h1'])
  expect(plan).toMatchObject({ before: { largest: 0.9, used: 3 }, after: { largest: 0.6, used: 3 } })
  expect(plan.moves[0]).toMatchObject({ seconds: 3, gain: expect.closeTo(0.3) })
})

test('several hosts that are equally full: all of them, or none where the budget does not do', () => {
  const two = site(100, [[40, 40], [40, 40], [], []])
  expect(short(run(two))).toEqual(['m1.0 h1>h2', 'm0.0 h0>h3'])
  expect(run(two, { budget: 1 })).toMatchObject({ moves: [], after: { largest: 0.8 } })
})

test('what is as even as it gets stays', () => {
  expect(run(site(100, [[50], [50]])).moves).toEqual([])
  expect(run(site(100, [[90], []])).moves).toEqual([])
  expect(run(site(100, [])).moves).toEqual([])
})

test('what cannot move takes room and stays, and so does what no rule lets go', () => {
  const { hosts, machines } = site(100, [[60, 30], []])
  const fixed = machines.map((one, at) => (at === 0 ? one : { ...one, how: null }))
  expect(short(run({ hosts, machines: fixed }))).toEqual(['m0.0 h0>h1'])
  const bound = machines.map((one) => ({ ...one, demand: { ...one.demand, zone: 'local-1a' } }))
  const apart = hosts.map((host, at) => ({ ...host, zone: at === 0 ? 'local-1a' : 'local-1b' }))
  expect(run({ hosts: apart, machines: bound }).moves).toEqual([])
})

test('a host that is disabled or silent neither gives nor takes', () => {
  expect(run(site(100, [[60, 30], []], (at) => ({ enabled: at === 0 }))).moves).toEqual([])
  expect(run(site(100, [[60, 30], []], (at) => ({ answers: at === 1 }))).moves).toEqual([])
})

test('the CPU counts where it is what is short', () => {
  const { hosts, machines } = site(100_000, [[10, 10], []])
  const small = hosts.map((host, at) => ({
    ...host,
    usable: { ...host.usable, cpuHundredths: 400 },
    free: { ...host.free, cpuHundredths: at === 0 ? 200 : 400 },
  }))
  expect(run({ hosts: small, machines })).toMatchObject({ before: { largest: 0.5 }, after: { largest: 0.25 } })
})

test('what is off costs no time', () => {
  const { hosts, machines } = site(100, [[30, 30], []])
  const off = machines.map((one) => ({ ...one, how: 'cold' as const }))
  expect(run({ hosts, machines: off }).moves).toMatchObject([{ how: 'cold', seconds: 0 }])
})

describe('pack', () => {
  const packed = (of: ReturnType<typeof site>, budget = 100) => run(of, { goal: 'pack', budget })

  test('the host that costs least is emptied into the fullest that has room', () => {
    const plan = packed(site(100, [[20], [60], [30, 30], []]))
    expect(short(plan)).toEqual(['m0.0 h0>h2'])
    expect(plan).toMatchObject({ before: { used: 3 }, after: { used: 2 } })
    expect(plan.moves[0]?.gain).toBe(1)
  })

  test('all of a host or nothing of it', () => {
    expect(packed(site(100, [[10, 50], [60], [60]])).moves).toEqual([])
    expect(packed(site(100, [[10, 30], [70], [70]]), 1).moves).toEqual([])
    expect(packed(site(100, [[10, 30], [70], [70]]))).toMatchObject({ after: { used: 2, largest: 1 } })
  })

  test('what cannot move keeps its host in use', () => {
    const { hosts, machines } = site(100, [[10, 10], [60]])
    const fixed = machines.map((one, at) => (at === 0 ? { ...one, how: null } : one))
    expect(packed({ hosts, machines: fixed }).moves.map(({ from }) => from)).toEqual(['h1'])
  })
})

const sites = fc
  .array(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 3 }), { minLength: 1, maxLength: 4 })
  .map((seats) =>
    seats.map((sizes) => sizes.filter((_size, at) => sizes.slice(0, at + 1).reduce((a, b) => a + b) <= 100)),
  )
const orders = fc.record({
  goal: fc.constantFrom('balance' as const, 'pack' as const),
  budget: fc.integer({ min: 0, max: 6 }),
})

test('no plan passes its budget, a capacity at any time, or moves a machine twice; none makes it worse', () => {
  fc.assert(
    fc.property(sites, orders, (seats, order) => {
      const of = site(100, seats)
      const plan = run(of, order)
      expect(plan.moves.length).toBeLessThanOrEqual(order.budget)
      expect(new Set(plan.moves.map(({ machine }) => machine)).size).toBe(plan.moves.length)
      const used = new Map(of.hosts.map(({ id, usable, free }) => [id, usable.memoryMiB - free.memoryMiB]))
      for (const { machine, from, to } of plan.moves) {
        const size = of.machines.find(({ demand: { id } }) => id === machine)?.demand.size.memoryMiB ?? 0
        used.set(from, (used.get(from) ?? 0) - size)
        used.set(to, (used.get(to) ?? 0) + size)
        expect(used.get(to)).toBeLessThanOrEqual(100)
      }
      expect(plan.after.largest).toBeCloseTo(Math.max(0, ...used.values()) / 100)
      if (order.goal === 'balance') expect(plan.after.largest).toBeLessThanOrEqual(plan.before.largest)
      else expect(plan.after.used).toBeLessThanOrEqual(plan.before.used)
      if (plan.moves.length > 0 && order.goal === 'balance')
        expect(plan.after.largest).toBeLessThan(plan.before.largest)
      if (plan.moves.length > 0 && order.goal === 'pack') expect(plan.after.used).toBeLessThan(plan.before.used)
    }),
    { numRuns: 300 },
  )
})

test('beside trying everything: never better, and mostly as good', () => {
  let [same, all] = [0, 0]
  fc.assert(
    fc.property(sites, orders, (seats, order) => {
      const of = site(100, seats)
      if (of.machines.length > 7) return
      const exact = bestByTrying(of.hosts, of.machines, order)
      const plan = run(of, order)
      const figure = order.goal === 'balance' ? plan.after.largest : plan.after.used
      expect(figure).toBeGreaterThanOrEqual(exact - 1e-9)
      all += 1
      if (figure <= exact + 0.01) same += 1
    }),
    { numRuns: 300, seed: 28 },
  )
  expect(same / all).toBeGreaterThan(0.7)
})
