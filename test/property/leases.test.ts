/** What holds of every plan of leases, whatever is asked and whatever really happens (fast-check). */
import fc from 'fast-check'
import type { HostId } from '../../src/model/ids'
import type { HostCapacity } from '../../src/model/machine'
import {
  type Backfilling,
  DEFAULT_RULES,
  type Lease,
  type LeaseNode,
  type LeasePlan,
  type LeaseSnapshot,
  type Overheads,
  planLeases,
  type Terms,
} from '../../workers/scheduler/leases'
import { LeaseClock, type Request, type World } from '../support/lease-world'

const RUNS = 60
const HOUR = 3600

const backfillingArb: fc.Arbitrary<Backfilling> = fc.oneof(
  fc.constantFrom<Backfilling>({ kind: 'off' }, { kind: 'aggressive' }, { kind: 'conservative' }),
  fc.integer({ min: 1, max: 3 }).map((reservations): Backfilling => ({ kind: 'intermediate', reservations })),
)

const overheadsArb: fc.Arbitrary<Overheads> = fc.record({
  bootSeconds: fc.constantFrom(0, 10, 60),
  shutdownSeconds: fc.constantFrom(0, 10),
  suspendMibPerSecond: fc.constantFrom(32, 64),
  resumeMibPerSecond: fc.constantFrom(32, 64),
  commandSeconds: fc.constantFrom(0, 2),
  checkpoints: fc.constantFrom('local', 'shared'),
  moveMibPerSecond: fc.constantFrom(null, 8),
  imageMibPerSecond: fc.constant(null),
})

const size = (most: number): fc.Arbitrary<HostCapacity> =>
  fc.record({
    cpuHundredths: fc.integer({ min: 1, max: most }).map((cores) => cores * 100),
    memoryMiB: fc.integer({ min: 1, max: most }).map((gib) => gib * 1024),
    diskGiB: fc.integer({ min: 0, max: 3 }),
  })

const nodesArb: fc.Arbitrary<LeaseNode[]> = fc
  .array(size(4), { minLength: 1, maxLength: 4 })
  .map((rooms) => rooms.map((room, at) => ({ id: `n${at}` as HostId, room: { ...room, diskGiB: 100 } })))

const termsArb = (submitted: number): fc.Arbitrary<Terms> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Terms>({ kind: 'best-effort' }) },
    { weight: 1, arbitrary: fc.constant<Terms>({ kind: 'immediate' }) },
    {
      weight: 2,
      arbitrary: fc
        .integer({ min: 0, max: 4 * HOUR })
        .map((notice): Terms => ({ kind: 'reservation', start: submitted + notice })),
    },
    {
      weight: 2,
      arbitrary: fc
        .integer({ min: 60, max: 8 * HOUR })
        .map((within): Terms => ({ kind: 'deadline', by: submitted + within })),
    },
  )

const requestArb: fc.Arbitrary<Omit<Request['lease'], 'id'> & { readonly part: number }> = fc
  .integer({ min: 0, max: 3 * HOUR })
  .chain((submitted) =>
    fc.record({
      submitted: fc.constant(submitted),
      terms: termsArb(submitted),
      machines: fc.array(size(3), { minLength: 1, maxLength: 4 }),
      seconds: fc.integer({ min: 1, max: 2 * HOUR }),
      preemptible: fc.boolean(),
      priority: fc.constantFrom(0, 0, 0, 5),
      part: fc.constantFrom(1, 1, 0.3),
    }),
  )

const requestsArb = fc.array(requestArb, { minLength: 1, maxLength: 12 }).map((all) =>
  all.map(
    ({ part, ...lease }, at): Request => ({
      lease: { ...lease, id: `l${String(at).padStart(2, '0')}` },
      real: (lease.seconds ?? 0) * part,
    }),
  ),
)

const worldArb: fc.Arbitrary<World> = fc
  .record({
    nodes: nodesArb,
    overheads: overheadsArb,
    backfilling: backfillingArb,
    preemption: fc.constantFrom('suspend' as const, 'none' as const),
    requests: requestsArb,
  })
  .map(({ backfilling, preemption, ...rest }) => ({ ...rest, rules: { ...DEFAULT_RULES, backfilling, preemption } }))

const bestEffortOnly = (world: World): World => ({
  ...world,
  requests: world.requests.map(({ lease, ...rest }) => ({
    ...rest,
    lease: { ...lease, terms: { kind: 'best-effort' }, submitted: 0, priority: 0 },
  })),
})

/** All snapshots and plans of a run; it has to come to an end. */
function played(world: World): { clock: LeaseClock; steps: { snapshot: LeaseSnapshot; plan: LeasePlan }[] } {
  const steps: { snapshot: LeaseSnapshot; plan: LeasePlan }[] = []
  const watch = (snapshot: LeaseSnapshot, plan: LeasePlan): void => {
    steps.push({ snapshot, plan })
    if (steps.length > 2000) throw new Error('it comes to no end')
  }
  return { clock: new LeaseClock({ ...world, watch }).run(), steps }
}

const plus = (a: HostCapacity, b: HostCapacity): HostCapacity => ({
  cpuHundredths: a.cpuHundredths + b.cpuHundredths,
  memoryMiB: a.memoryMiB + b.memoryMiB,
  diskGiB: a.diskGiB + b.diskGiB,
})

interface Use {
  readonly host: HostId
  readonly machine: HostCapacity
}

/** Fails when those together are more than a node has. Disk is left out: what suspended machines keep is the caller's to count. */
function expectRoom(nodes: readonly LeaseNode[], uses: readonly Use[], when: string): void {
  for (const { id, room } of nodes) {
    const sum = uses
      .filter(({ host }) => host === id)
      .reduce((all, { machine }) => plus(all, machine), { cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 })
    if (sum.cpuHundredths > room.cpuHundredths || sum.memoryMiB > room.memoryMiB)
      throw new Error(`${id} is overfull ${when}: ${JSON.stringify(sum)} of ${JSON.stringify(room)}`)
  }
}

const usesOf = (lease: Lease | undefined, hosts: readonly HostId[]): Use[] =>
  hosts.map((host, at) => {
    const machine = lease?.machines[at]
    if (!machine) throw new Error(`${lease?.id} has no machine ${at}`)
    return { host, machine }
  })

/** Of a plan's calendar, at each time at which something begins. */
function expectCalendarFits({ nodes, leases }: LeaseSnapshot, { calendar }: LeasePlan): void {
  const byId = new Map(leases.map((lease) => [lease.id, lease]))
  for (const { segment } of calendar) {
    const time = segment.from
    const there = calendar.filter(({ segment: { from, to } }) => from <= time && (to === null || to > time))
    expectRoom(
      nodes,
      there.flatMap((entry) => usesOf(byId.get(entry.lease), entry.segment.nodes)),
      `at ${time}`,
    )
  }
}

const holdsRoom = ({ state }: Lease): boolean => state.kind !== 'waiting' && state.kind !== 'suspended'
const hostsOf = ({ state }: Lease): readonly HostId[] => (state.kind === 'waiting' ? [] : state.nodes)

describe('plans of leases', () => {
  test('capacity is never exceeded at any time: planned, or in fact', () => {
    fc.assert(
      fc.property(worldArb, (world) => {
        for (const { snapshot, plan } of played(world).steps) {
          expectCalendarFits(snapshot, plan)
          const held = snapshot.leases.filter(holdsRoom).flatMap((lease) => usesOf(lease, hostsOf(lease)))
          expectRoom(snapshot.nodes, held, `in fact at ${snapshot.now}`)
        }
      }),
      { numRuns: RUNS },
    )
  })

  test('what was accepted begins when it was to and ends in time, whatever else is asked', () => {
    fc.assert(
      fc.property(worldArb, (world) => {
        const { clock, steps } = played(world)
        expect(steps.flatMap(({ plan }) => plan.broken)).toEqual([])
        for (const { lease, real = 0 } of world.requests) {
          if (clock.at(lease.id, 'accepted').length === 0) continue
          const [runs = Number.NaN] = clock.at(lease.id, 'runs')
          const [ended = Number.NaN] = clock.at(lease.id, 'ended')
          if (lease.terms.kind === 'reservation') {
            const { bootSeconds, shutdownSeconds } = world.overheads
            expect(runs).toBe(Math.max(lease.terms.start, lease.submitted + bootSeconds))
            // Booted late it has the less of its time, and it is over when that is.
            expect(ended).toBeCloseTo(Math.max(lease.terms.start + real, runs) + shutdownSeconds, 6)
          }
          if (lease.terms.kind === 'deadline') expect(ended).toBeLessThanOrEqual(lease.terms.by + 1e-6)
        }
      }),
      { numRuns: RUNS },
    )
  })

  test('nobody who waits is delayed by those behind it that a reservation of its own comes before', () => {
    fc.assert(
      fc.property(worldArb, (world) => {
        for (const { snapshot, plan } of played(world).steps) {
          const { backfilling } = snapshot.rules
          const first = backfilling.kind === 'conservative' ? plan.waiting : plan.waiting.slice(0, 1)
          for (const { lease, earliestStart } of first) {
            const behind = plan.waiting.slice(plan.waiting.findIndex((other) => other.lease === lease) + 1)
            const gone = new Set(behind.map((other) => other.lease))
            const begun = new Set(plan.start.concat(plan.resume).map((entry) => entry.lease))
            const youngest = snapshot.leases.find(({ id }) => id === lease)
            const alone = planLeases({
              ...snapshot,
              leases: snapshot.leases.filter(
                (other) => !gone.has(other.id) && !(begun.has(other.id) && youngest && isBehind(other, youngest)),
              ),
            })
            expect(alone.waiting.find((other) => other.lease === lease)?.earliestStart).toBe(earliestStart)
          }
        }
      }),
      { numRuns: RUNS },
    )
  })

  test('the time that the first in the queue was promised never moves back', () => {
    fc.assert(
      fc.property(worldArb, (world) => {
        const promised = new Map<string, number>()
        for (const { plan } of played(bestEffortOnly(world)).steps) {
          const [first] = plan.waiting
          if (!first || first.earliestStart === null) continue
          const before = promised.get(first.lease) ?? Number.POSITIVE_INFINITY
          expect(first.earliestStart).toBeLessThanOrEqual(before + 1e-6)
          promised.set(first.lease, first.earliestStart)
        }
      }),
      { numRuns: RUNS },
    )
  })

  test('a lease begins with all its machines, on hosts that are there, and everything that fits comes to its end', () => {
    fc.assert(
      fc.property(worldArb, (world) => {
        const { clock, steps } = played(world)
        for (const { snapshot, plan } of steps)
          for (const { lease, segment } of [...plan.start, ...plan.resume]) {
            expect(segment.nodes).toHaveLength(snapshot.leases.find(({ id }) => id === lease)?.machines.length ?? 0)
            expect(snapshot.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining([...segment.nodes]))
          }
        const last = steps.at(-1)?.plan
        const never = new Set(
          last?.waiting.filter(({ earliestStart }) => earliestStart === null).map(({ lease }) => lease),
        )
        for (const { lease } of world.requests) {
          const isOver = clock.at(lease.id, 'ended').length === 1 || clock.at(lease.id, 'rejected').length === 1
          expect([lease.id, isOver]).toEqual([lease.id, !never.has(lease.id)])
        }
      }),
      { numRuns: RUNS },
    )
  })

  test('the same is planned whatever the order in which leases and nodes are told', () => {
    fc.assert(
      fc.property(worldArb, fc.infiniteStream(fc.nat()), (world, keys) => {
        const shuffled = <T>(all: readonly T[]): T[] =>
          all
            .map((one) => ({ one, key: keys.next().value }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one)
        for (const { snapshot, plan } of played(world).steps.slice(0, 10))
          expect(
            planLeases({ ...snapshot, nodes: shuffled(snapshot.nodes), leases: shuffled(snapshot.leases) }),
          ).toEqual(plan)
      }),
      { numRuns: RUNS },
    )
  })
})

/** In the queue, `a` comes after `b`. */
const isBehind = (a: Lease, b: Lease): boolean => {
  const order = (b.priority ?? 0) - (a.priority ?? 0) || a.submitted - b.submitted || (a.id < b.id ? -1 : 1)
  return a.terms.kind === 'best-effort' && a.state.kind !== 'running' && order > 0
}
