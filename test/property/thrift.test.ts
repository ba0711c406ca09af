/** What bursts costs as little as can be: equal machines the very least, mixes at most 5 % more than the best of all ways. */
import fc from 'fast-check'
import { type Demand, type HostView, hostViews } from '../../src/model/placement'
import type { ProviderType } from '../../src/model/providers/record'
import type { place } from '../../workers/scheduler/place'
import { placeThriftily } from '../../workers/scheduler/thrift'
import { cheapestMix, type Mix } from '../support/cheapest-mix'
import { demand, hostRecord, sizeOf } from '../support/host-record'
import { providerRecord, THEIR_IMAGE } from '../support/provider-record'

const NOW = Date.UTC(2026, 10, 21, 12)
const BURST = { image: THEIR_IMAGE, homebound: false, tied: null, patienceMs: 0 }

/** Types with numbers that are equal to one another belong to one provider. */
interface Site extends Mix {
  readonly providerOf: readonly number[]
}

const hostsOf = ({ hosts, types, providerOf }: Site) => {
  const own = hosts.map(({ cores, memoryMiB }, at) =>
    hostRecord(`own-${at}`, { seen: { capacity: { cpuHundredths: cores * 100, memoryMiB, diskGiB: 100_000 } } }),
  )
  const providers = [...new Set(providerOf)].map((number) => {
    const its = types.flatMap((type, at): ProviderType[] =>
      providerOf[at] === number ? [{ ...type, name: `type-${at}`, diskGiB: null }] : [],
    )
    return providerRecord(`provider-${number}`, { types: its })
  })
  return hostViews(
    [...own, ...providers].map((record) => ({ record, claims: [] })),
    NOW,
  )
}

/** In an order that a generator gives. */
const machinesOf = ({ sizes, counts }: Mix, shuffle: (at: number) => number): readonly Demand[] =>
  sizes
    .flatMap(({ cores, memoryMiB }, kind) =>
      Array.from({ length: counts[kind] ?? 0 }, (_, at) => ({
        ...demand(`m-${kind}-${at}`, sizeOf(cores, memoryMiB)),
        burst: BURST,
      })),
    )
    .map((machine, at) => ({ machine, turn: shuffle(at) }))
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ machine }) => machine)

const costOf = ({ placed }: ReturnType<typeof place>) => placed.reduce((sum, { offer }) => sum + (offer?.price ?? 0), 0)

test('500 equal machines, room for 100 and three providers with other limits and prices: the very least', () => {
  const site: Site = {
    sizes: [{ cores: 2, memoryMiB: 4096 }],
    counts: [500],
    hosts: Array.from({ length: 10 }, () => ({ cores: 20, memoryMiB: 40_960 })),
    types: [
      { cores: 2, memoryMiB: 4096, price: 45_600, count: 150 },
      { cores: 4, memoryMiB: 8192, price: 80_000, count: 60 },
      { cores: 2, memoryMiB: 8192, price: 39_900, count: 120 },
      { cores: 1, memoryMiB: 4096, price: 9_000, count: 500 },
      { cores: 2, memoryMiB: 4096, price: 61_000, count: 1000 },
    ],
    providerOf: [0, 0, 1, 1, 2],
  }
  const plan = placeThriftily({ hosts: hostsOf(site), machines: machinesOf(site, (at) => at) })
  expect(plan.placed).toHaveLength(500)
  expect(plan.placed.filter(({ offer }) => offer === undefined)).toHaveLength(100)
  expect(costOf(plan)).toBe(cheapestMix(site))
})

test('of a site with thousands of hosts few other ways are tried, for each looks at all of them', () => {
  const site: Site = {
    sizes: [
      { cores: 2, memoryMiB: 4096 },
      { cores: 1, memoryMiB: 8192 },
    ],
    counts: [3, 3],
    hosts: Array.from({ length: 3000 }, (_, at) => ({ cores: at === 0 ? 4 : 0, memoryMiB: at === 0 ? 16_384 : 0 })),
    types: [{ cores: 2, memoryMiB: 8192, price: 45_600, count: 150 }],
    providerOf: [0],
  }
  const [first, ...others] = hostsOf(site)
  let plans = 0
  const { id, ...rest } = first as HostView
  const counting = Object.defineProperty({ ...rest }, 'id', {
    enumerable: true,
    get: () => {
      plans += 1
      return id
    },
  }) as HostView
  const plan = placeThriftily({ hosts: [counting, ...others], machines: machinesOf(site, (at) => at) })
  expect(plan.placed).toHaveLength(6)
  expect(plans).toBeLessThan(100)
})

const size = fc
  .record({ cores: fc.integer({ min: 1, max: 8 }), gib: fc.integer({ min: 1, max: 32 }) })
  .map(({ cores, gib }) => ({ cores, memoryMiB: gib * 1024 }))
const host = fc
  .record({ cores: fc.integer({ min: 4, max: 32 }), gib: fc.integer({ min: 8, max: 96 }) })
  .map(({ cores, gib }) => ({ cores, memoryMiB: gib * 1024 }))
/** Larger ones cost more, more or less. */
const type = fc
  .record({
    its: size,
    perCore: fc.integer({ min: 15, max: 40 }),
    perGib: fc.integer({ min: 2, max: 8 }),
    count: fc.nat(12),
  })
  .map(({ its, perCore, perGib, count }) => ({
    ...its,
    price: 1000 * (its.cores * perCore + (its.memoryMiB / 1024) * perGib),
    count,
  }))
/** Any machine may be had, at a price. */
const dear = { cores: 8, memoryMiB: 32 * 1024, price: 900_000, count: 1000 }

const sites = fc
  .record({
    sizes: fc.array(size, { minLength: 2, maxLength: 3 }),
    hosts: fc.array(host, { minLength: 1, maxLength: 3 }),
    types: fc.array(type, { minLength: 2, maxLength: 6 }),
    providerOf: fc.array(fc.nat(2), { minLength: 6, maxLength: 6 }),
    seed: fc.array(fc.nat(1000), { minLength: 36, maxLength: 36 }),
  })
  .chain((parts) =>
    fc
      .array(fc.integer({ min: 6, max: 12 }), { minLength: parts.sizes.length, maxLength: parts.sizes.length })
      .map((counts) => ({
        ...parts,
        counts,
        types: [...parts.types, dear],
        providerOf: [...parts.providerOf.slice(0, parts.types.length), 3],
      })),
  )

/** Which machines stay on which hosts is packing in two amounts, and the search is given a bounded time. The same mixes each time. */
test('mixes cost at most 5 % more than the best of all ways, in whatever order they come', () => {
  const mixes = fc.sample(sites, { numRuns: 30, seed: 21_112_026 })
  const over = mixes.map((site) => {
    const best = cheapestMix(site) ?? Number.NaN
    const plan = placeThriftily({ hosts: hostsOf(site), machines: machinesOf(site, (at) => site.seed[at] ?? 0) })
    expect(plan.placed).toHaveLength(site.counts.reduce((sum, count) => sum + count, 0))
    return costOf(plan) === best ? 1 : costOf(plan) / best
  })
  expect(over.filter((one) => !(one <= 1.05))).toEqual([])
})
