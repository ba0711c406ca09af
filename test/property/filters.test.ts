/** What filters say of themselves, which the scheduler believes: a wrong word would place a machine where a rule refuses it. */
import fc from 'fast-check'
import type { HostId } from '../../src/model/ids'
import { type BurstDemand, type Demand, FILTERS, type HostView } from '../../src/model/placement'
import type { ProviderView } from '../../src/model/providers/view'
import { place } from '../../workers/scheduler/place'
import { demand, hostView, sizeOf } from '../support/host-record'
import { placeNaively } from '../support/naive-place'

const REFUSALS = { numRuns: 500 }

const sizeArb = fc
  .record({ cores: fc.integer({ min: 1, max: 4 }), memoryMiB: fc.constantFrom(512, 2048), diskGiB: fc.nat(20) })
  .map(({ cores, memoryMiB, diskGiB }) => sizeOf(cores, memoryMiB, diskGiB))

const providerArb: fc.Arbitrary<ProviderView> = fc.record({
  types: fc.array(
    fc.record({
      name: fc.constantFrom('small', 'large'),
      cores: fc.integer({ min: 1, max: 4 }),
      memoryMiB: fc.constantFrom(512, 2048),
      diskGiB: fc.option(fc.constantFrom(5, 20)),
      price: fc.nat(100),
      count: fc.option(fc.nat(2)),
    }),
    { maxLength: 2 },
  ),
  left: fc.dictionary(fc.constantFrom('small', 'large'), fc.nat(2)),
  images: fc.dictionary(fc.constant('image'), fc.constant('theirs')),
  latencyMs: fc.constant(null),
  burstAfterMs: fc.constantFrom(0, 1_000),
  regions: fc.constantFrom(['eu-1'], ['eu-1', 'us-1']),
  kind: fc.constantFrom('ec2', 'occi'),
  money: fc.option(fc.record({ left: fc.nat(100), restMs: fc.constant(3_600_000) })),
})

const freeArb = fc.record({
  cpuHundredths: fc.constantFrom(100, 400, 800),
  memoryMiB: fc.constantFrom(512, 8192),
  diskGiB: fc.constantFrom(5, 50),
})

/** A part that may be left out. */
const maybe = <T>(name: string, arb: fc.Arbitrary<T>) =>
  fc.option(arb).map((value): object => (value === null ? {} : { [name]: value }))
const together = <T>(...parts: readonly fc.Arbitrary<object>[]): fc.Arbitrary<T> =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as T)

const hostPartsArb = together<Partial<HostView>>(
  maybe('enabled', fc.boolean()),
  maybe('answers', fc.boolean()),
  maybe('retired', fc.boolean()),
  maybe('unfiltered', fc.constant(true)),
  maybe('unaddressed', fc.constant(true)),
  maybe('diskless', fc.constant(true)),
  maybe('modes', fc.constantFrom([], ['pv'] as const)),
  maybe('pools', fc.constantFrom([], ['one'])),
  maybe('zone', fc.constantFrom('a', 'b')),
  maybe('free', freeArb),
  maybe('ahead', fc.array(fc.record({ at: fc.nat(9), inMs: fc.nat(9), free: freeArb }), { maxLength: 2 })),
  maybe('provider', providerArb),
)

const burstArb = together<BurstDemand>(
  fc.record({
    image: fc.option(fc.constant('image')),
    homebound: fc.boolean(),
    tied: fc.option(fc.constant('a volume')),
    patienceMs: fc.constantFrom(0, 1_000),
  }),
  maybe('regions', fc.constant([['eu-1']])),
  maybe('sections', fc.constant({ ec2: { zone: 'z' } })),
  maybe('disks', fc.constant(true)),
)

const demandPartsArb = together<Partial<Demand>>(
  sizeArb.map((size) => ({ size })),
  maybe('zone', fc.constantFrom('a', 'b')),
  maybe('filtered', fc.constant(true)),
  maybe('addressed', fc.constant(true)),
  maybe('mode', fc.constantFrom('pv', 'hvm')),
  maybe('pools', fc.constant(['one'])),
  maybe('burst', burstArb),
  maybe('yields', fc.constant(true)),
  maybe('ends', fc.nat(9)),
  maybe('beside', fc.constant('1' as HostId)),
  maybe('capacity', fc.constantFrom({ use: 'open' }, { use: 'only' })),
)

const SAYING = FILTERS.filter((filter) => filter.concerns !== undefined)

test.each(SAYING.map((filter) => [filter.name, filter] as const))(
  '%s refuses only hosts that it says it concerns',
  (_name, filter) => {
    let refused = 0
    fc.assert(
      fc.property(hostPartsArb, demandPartsArb, (host, machine) => {
        const view = hostView('1', host)
        if (filter.admits(demand('m', sizeOf(1, 512), machine), view) === true) return
        refused += 1
        expect(filter.concerns?.(view)).toBe(true)
      }),
      REFUSALS,
    )
    expect(refused).toBeGreaterThan(0)
  },
)

/** Hosts of the site's own, most of which serve: of what is promised and of providers the naive placement knows nothing. */
const mostly = (usual: boolean) => fc.integer({ min: 0, max: 5 }).map((drawn) => (drawn === 0 ? !usual : usual))
const ownHostArb = together<Partial<HostView>>(
  fc.record({ enabled: mostly(true), answers: mostly(true), retired: mostly(false), free: freeArb }),
  maybe('unfiltered', fc.constant(true)),
  maybe('unaddressed', fc.constant(true)),
  maybe('modes', fc.constantFrom([], ['pv'] as const)),
  maybe('pools', fc.constant(['one'])),
)
const plainDemandArb = together<Partial<Demand>>(
  sizeArb.map((size) => ({ size })),
  fc.oneof(fc.constant({}), maybe('filtered', fc.constant(true)), maybe('addressed', fc.constant(true))),
  fc.oneof(fc.constant({}), maybe('pools', fc.constant(['one']))),
  fc.oneof(fc.constant({}), maybe('mode', fc.constantFrom('pv', 'hvm'))),
)

test('a plan believes them and is the one that asks every rule of every host each time', () => {
  let placements = 0
  const siteArb = fc.record({
    hosts: fc.array(ownHostArb, { minLength: 1, maxLength: 5 }),
    machines: fc.array(plainDemandArb, { minLength: 1, maxLength: 8 }),
  })
  fc.assert(
    fc.property(siteArb, (site) => {
      const hosts = site.hosts.map((parts, at) => hostView(`${at + 1}`, parts))
      const machines = site.machines.map((parts, at) => demand(`m${at}`, sizeOf(1, 512), parts))
      const { placed } = place({ hosts, machines })
      placements += placed.length
      expect(placed).toEqual(placeNaively(hosts, machines))
    }),
    REFUSALS,
  )
  expect(placements).toBeGreaterThan(0)
})
