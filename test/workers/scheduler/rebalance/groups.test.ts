/** A plan of moves keeps the rules of placement groups after each of its steps. */
import fc from 'fast-check'
import type { HostId } from '../../../../src/model/ids'
import type { PlacementRule } from '../../../../src/model/records'
import { rebalance, type Seated } from '../../../../workers/scheduler/rebalance'
import { demand, hostView, sizeOf } from '../../../support/host-record'
import { APART, groupRecord, member, PARTITIONS, TOGETHER } from '../../../support/placement-group'

const MEMORY = 100
/** Each machine: its host, its memory, whether it is in the group, its partition. */
type Seat = readonly [host: number, memory: number, group?: 'in' | undefined, partition?: number]

function site(hosts: number, seats: readonly Seat[], rule: PlacementRule, racks: readonly string[] = []) {
  const record = groupRecord('front', rule)
  const machines = seats.map(
    ([host, memory, group, partition], at): Seated => ({
      demand: demand(`m${at}`, sizeOf(1, memory, 1)),
      host: `h${host}` as HostId,
      how: 'live',
      ...(group ? { group: { id: record.id, ...(partition === undefined ? {} : { partition }) } } : {}),
    }),
  )
  const members = seats.flatMap(([host, , group, partition], at) =>
    group ? [member(`m${at}`, `h${host}`, partition ?? null)] : [],
  )
  const usable = { cpuHundredths: 100_000, memoryMiB: MEMORY, diskGiB: 1000 }
  const views = Array.from({ length: hosts }, (_, at) => {
    const here = seats.filter(([host]) => host === at)
    const used = here.reduce((sum, [, memory]) => sum + memory, 0)
    const free = { cpuHundredths: 100_000 - 100 * here.length, memoryMiB: MEMORY - used, diskGiB: 1000 - here.length }
    const rack = racks[at]
    const traits = { driver: 'xl', total: usable, labels: rack ? { rack } : {}, measured: null, instances: [] }
    return hostView(`h${at}`, { usable, free, machines: here.length, traits })
  })
  const order = { budget: 50, bandwidth: 10 }
  const plan = (goal: 'balance' | 'pack') => rebalance(views, machines, { goal, ...order }, [{ record, members }])
  return { plan, machines }
}
const short = ({ moves }: ReturnType<ReturnType<typeof site>['plan']>) =>
  moves.map(({ machine, from, to }) => `${machine} ${from}>${to}`)

test('apart: a member moves, but to no host of another member', () => {
  // The emptiest host has a fellow, the next one takes it.
  const { plan } = site(
    3,
    [
      [0, 40, 'in'],
      [0, 40, 'in'],
      [1, 5, 'in'],
      [2, 10],
    ],
    APART,
  )
  const moves = short(plan('balance'))
  // What is in no group goes where it likes.
  expect(moves).toEqual(['m0 h0>h2', 'm3 h2>h1'])
})

test('apart: a place that a member left may be taken by the next one', () => {
  const { plan, machines } = site(
    3,
    [
      [0, 60, 'in'],
      [0, 30],
      [1, 10, 'in'],
    ],
    APART,
  )
  const after = new Map(machines.map(({ demand: { id }, host }) => [id as string, host as string]))
  for (const { machine, to } of plan('balance').moves) after.set(machine, to)
  expect(after.get('m0')).not.toBe(after.get('m2'))
})

test('together by host: they stay, and what is in no group goes', () => {
  const { plan } = site(
    2,
    [
      [0, 30, 'in'],
      [0, 30, 'in'],
      [0, 30],
    ],
    TOGETHER,
  )
  expect(short(plan('balance'))).toEqual(['m2 h0>h1'])
})

test('together by rack: within it', () => {
  const rule = { ...TOGETHER, over: 'rack' }
  const { plan } = site(
    3,
    [
      [0, 40, 'in'],
      [0, 40, 'in'],
    ],
    rule,
    ['a', 'b', 'a'],
  )
  expect(short(plan('balance'))).toEqual(['m0 h0>h2'])
})

test('softly together: they may be parted', () => {
  const { plan } = site(
    2,
    [
      [0, 40, 'in'],
      [0, 40, 'in'],
    ],
    { ...TOGETHER, strength: 'soft' },
  )
  expect(short(plan('balance'))).toEqual(['m0 h0>h1'])
})

test('pack empties no host into one that has a fellow of what is there', () => {
  const apart = site(
    3,
    [
      [0, 10, 'in'],
      [1, 50, 'in'],
      [2, 40],
    ],
    APART,
  )
  expect(short(apart.plan('pack'))).toEqual(['m0 h0>h2'])
  const full = site(
    2,
    [
      [0, 10, 'in'],
      [1, 50, 'in'],
    ],
    APART,
  )
  expect(short(full.plan('pack'))).toEqual([])
})

const seat = fc.tuple(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 1, max: 30 }),
  fc.constantFrom('in' as const, undefined),
  fc.integer({ min: 1, max: 2 }),
)
const rules: readonly PlacementRule[] = [APART, { ...APART, over: 'rack' }, { ...PARTITIONS, over: 'host' }, PARTITIONS]
test('no step of a plan has fellows share a place that shared none before', () => {
  fc.assert(
    fc.property(
      fc.array(seat, { maxLength: 9 }),
      fc.constantFrom(...rules),
      fc.constantFrom('balance' as const, 'pack' as const),
      (drawn, rule, goal) => {
        const seats = drawn.map(
          ([host, memory, group, partition]): Seat =>
            rule.keeps === 'partitions' ? [host, memory, group, partition] : [host, memory, group],
        )
        const racks = ['a', 'a', 'b', 'b']
        const { plan, machines } = site(4, seats, rule, racks)
        const placeOf = (host: string) => (rule.over === 'host' ? host : (racks[Number(host.slice(1))] ?? host))
        const at = new Map(machines.map(({ demand: { id }, host }) => [id as string, host as string]))
        for (const { machine, to } of plan(goal).moves) {
          const its = machines.find(({ demand: { id } }) => id === machine)
          const others = machines.filter(({ demand: { id }, group }) => group && id !== machine)
          const clash = others.filter(
            ({ demand: { id }, group }) =>
              placeOf(at.get(id) ?? '') === placeOf(to) &&
              (rule.keeps === 'apart' || group?.partition !== its?.group?.partition),
          )
          if (its?.group) expect(clash).toEqual([])
          at.set(machine, to)
        }
      },
    ),
  )
})
