/** Groups in plans: what they promise is kept, and a plan comes to what asking every host for every machine comes to. */
import fc from 'fast-check'
import type { HostId } from '../../src/model/ids'
import {
  type Demand,
  type GroupMember,
  type HostView,
  placeOf,
  preferenceOf,
  viewGroup,
} from '../../src/model/placement'
import type { PlacementRule } from '../../src/model/records'
import { place } from '../../workers/scheduler/place'
import { demand } from '../support/host-record'
import { placeGroupsNaively } from '../support/naive-groups'
import { groupRecord } from '../support/placement-group'

const amounts = (most: number) =>
  fc.record({
    cpuHundredths: fc.integer({ min: 0, max: most * 100 }),
    memoryMiB: fc.integer({ min: 0, max: most * 1024 }),
    diskGiB: fc.integer({ min: 0, max: most * 10 }),
  })

const hostArb = (id: number): fc.Arbitrary<HostView> =>
  fc
    .record({
      zone: fc.constantFrom('a', 'b'),
      enabled: fc.boolean().map((no) => !no || id % 4 !== 0),
      machines: fc.integer({ min: 0, max: 4 }),
      free: amounts(8),
      labels: fc.record({ rack: fc.constantFrom('r1', 'r2', 'r3') }, { requiredKeys: [] }),
    })
    .map(({ labels, free, ...parts }) => ({
      id: `h${id}` as HostId,
      name: `host ${id}`,
      simulated: true,
      answers: true,
      retired: false,
      usable: free,
      free,
      traits: { driver: 'xl', total: free, labels, measured: null, instances: [] },
      ...parts,
    }))
const hostsArb = fc
  .integer({ min: 1, max: 8 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => hostArb(i))))

const over = fc.constantFrom('host', 'rack', 'zone')
const ruleArb: fc.Arbitrary<PlacementRule> = fc.oneof(
  fc.record({
    keeps: fc.constantFrom('apart' as const, 'together' as const),
    over,
    strength: fc.constantFrom('hard' as const, 'soft' as const),
  }),
  fc.record({
    keeps: fc.constant('partitions' as const),
    over,
    strength: fc.constant('hard' as const),
    partitions: fc.integer({ min: 1, max: 3 }),
  }),
)
const wishArb = fc.record(
  {
    requirements: fc.constantFrom('RACK = "r1"', 'RUNNING_VMS < 4', 'CURRENT_VMS != "i-1" & CURRENT_VMS != "i-2"'),
    rank: fc.constantFrom('RUNNING_VMS', '- MEM_USAGE', 'MAX_CPU - CPU_USAGE', '100 / (RUNNING_VMS - 3)'),
  },
  { requiredKeys: [] },
)

interface Case {
  readonly hosts: readonly HostView[]
  readonly machines: readonly Demand[]
  readonly members: readonly (readonly GroupMember[])[]
}

const caseArb: fc.Arbitrary<Case> = fc
  .record({
    hosts: hostsArb,
    rules: fc.array(ruleArb, { minLength: 1, maxLength: 3 }),
    wishes: fc.array(wishArb, { minLength: 1, maxLength: 3 }),
    sizes: fc.array(amounts(3), { minLength: 1, maxLength: 24 }),
    of: fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 24, maxLength: 24 }),
    partition: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 24, maxLength: 24 }),
    seated: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  })
  .map(({ hosts, rules, wishes, sizes, of, partition, seated }) => {
    // A group has somebody in a place already, or nobody: one member breaks no rule.
    const members = rules.map((_, at): readonly GroupMember[] =>
      seated[at]
        ? [{ id: `s${at}`, name: `i-s${at}`, host: hosts[at % hosts.length]?.id ?? ('' as HostId), partition: 1 }]
        : [],
    )
    const views = rules.map((rule, at) => viewGroup(groupRecord(`${at}`, rule), members[at] ?? [], hosts))
    const machines = sizes.map((size, at): Demand => {
      const view = views[of[at] ?? -1]
      const mod = view?.rule.partitions
      return demand(
        `m${at}`,
        { type: '', cores: 1, ...size },
        {
          name: `i-${at}`,
          project: 'p' as never,
          preference: preferenceOf([wishes[at % wishes.length]]),
          ...(view ? { group: { view, partition: mod === undefined ? null : ((partition[at] ?? 1) % mod) + 1 } } : {}),
        },
      )
    })
    return { hosts, machines, members }
  })

/** Of each group the places of its machines after a plan, with their partitions. */
function placesAfter({ hosts, machines, members }: Case) {
  const plan = place({ hosts, machines })
  const byId = new Map(hosts.map((host) => [host.id, host]))
  const groups = new Map<
    string,
    { rule: PlacementRule; all: { place: string; partition: number | null }[]; left: number }
  >()
  for (const { group } of machines) {
    if (!group || groups.has(group.view.id)) continue
    const seated = members[Number(group.view.name)] ?? []
    const all = seated.flatMap(({ host, partition }) => {
      const view = byId.get(host)
      return view ? [{ place: placeOf(view, group.view.rule.over), partition }] : []
    })
    groups.set(group.view.id, { rule: group.view.rule, all, left: 0 })
  }
  for (const { id, group } of machines) {
    const kept = group && groups.get(group.view.id)
    if (!kept || !group) continue
    const host = byId.get(plan.placed.find(({ machine }) => machine === id)?.host ?? ('' as HostId))
    if (host) kept.all.push({ place: placeOf(host, kept.rule.over), partition: group.partition })
    else kept.left += 1
  }
  return { plan, groups: [...groups.values()] }
}

test('hard anti-affinity: never two in one place', () => {
  fc.assert(
    fc.property(caseArb, (given) => {
      for (const { rule, all } of placesAfter(given).groups)
        if (rule.keeps === 'apart' && rule.strength === 'hard')
          expect(new Set(all.map((one) => one.place)).size).toBe(all.length)
    }),
    { numRuns: 300 },
  )
})

test('hard affinity: all in one place, and of those that are first all or none', () => {
  fc.assert(
    fc.property(caseArb, (given) => {
      for (const { rule, all, left } of placesAfter(given).groups) {
        if (rule.keeps !== 'together' || rule.strength === 'soft') continue
        expect(new Set(all.map((one) => one.place)).size).toBeLessThanOrEqual(1)
        const isSeated = given.members.flat().length > 0
        if (!isSeated && all.length > 0) expect(left).toBe(0)
      }
    }),
    { numRuns: 300 },
  )
})

test('partitions: no place has machines of two', () => {
  fc.assert(
    fc.property(caseArb, (given) => {
      for (const { rule, all } of placesAfter(given).groups) {
        if (rule.keeps !== 'partitions') continue
        const of = new Map<string, Set<number | null>>()
        for (const { place: at, partition } of all) of.set(at, (of.get(at) ?? new Set()).add(partition))
        for (const partitions of of.values()) expect(partitions.size).toBe(1)
      }
    }),
    { numRuns: 300 },
  )
})

test('a plan with groups is what the naive evaluator comes to, and nobody is placed or left twice', () => {
  fc.assert(
    fc.property(caseArb, ({ hosts, machines }) => {
      const plan = place({ hosts, machines })
      expect(plan.placed).toEqual(placeGroupsNaively(hosts, machines))
      const all = [...plan.placed, ...plan.left].map(({ machine }) => machine)
      expect(all.toSorted()).toEqual(machines.map(({ id }) => id).toSorted())
    }),
    { numRuns: 500 },
  )
})
