/** What bursts costs as little as can be: equal machines the very least, mixes at most 5 % more than the best of all ways. */
import fc from 'fast-check'
import type { HostView } from '../../src/model/placement'
import { placeThriftily } from '../../workers/scheduler/thrift'
import {
  ANY_TYPE,
  type BurstSite,
  costOf,
  drawnHost,
  drawnSize,
  drawnType,
  hostsOf,
  machinesOf,
} from '../support/burst-site'
import { cheapestMix } from '../support/cheapest-mix'
import { leastCost } from '../support/least-cost'

test('500 equal machines, room for 100 and three providers with other limits and prices: the very least', () => {
  const site: BurstSite = {
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
  const site: BurstSite = {
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

const sites = fc
  .record({
    sizes: fc.array(drawnSize, { minLength: 2, maxLength: 3 }),
    hosts: fc.array(drawnHost, { minLength: 1, maxLength: 3 }),
    types: fc.array(drawnType, { minLength: 2, maxLength: 6 }),
    providerOf: fc.array(fc.nat(2), { minLength: 6, maxLength: 6 }),
    seed: fc.array(fc.nat(1000), { minLength: 36, maxLength: 36 }),
  })
  .chain((parts) =>
    fc
      .array(fc.integer({ min: 6, max: 12 }), { minLength: parts.sizes.length, maxLength: parts.sizes.length })
      .map((counts) => ({
        ...parts,
        counts,
        types: [...parts.types, ANY_TYPE],
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

const large = fc
  .record({
    sizes: fc.array(drawnSize, { minLength: 3, maxLength: 4 }),
    hosts: fc.array(drawnHost, { minLength: 30, maxLength: 30 }),
    types: fc.array(drawnType, { minLength: 3, maxLength: 6 }),
    providerOf: fc.array(fc.nat(2), { minLength: 6, maxLength: 6 }),
    seed: fc.array(fc.nat(1000), { minLength: 500, maxLength: 500 }),
    more: fc.integer({ min: 10, max: 40 }),
  })
  .map(({ more, sizes, types, providerOf, ...parts }) => ({
    ...parts,
    sizes,
    counts: sizes.map((_, at) => Math.floor((500 + at) / sizes.length)),
    types: [...types.map((one) => ({ ...one, count: one.count * more })), ANY_TYPE],
    providerOf: [...providerOf.slice(0, types.length), 3],
  }))

test('mixes of 500 machines, most of which have no room here, too: measured by what no way can be below', () => {
  const over = fc.sample(large, { numRuns: 10, seed: 22_112_026 }).map((site) => {
    const plan = placeThriftily({ hosts: hostsOf(site), machines: machinesOf(site, (at) => site.seed[at] ?? 0) })
    expect(plan.placed).toHaveLength(500)
    return costOf(plan) / leastCost(site, costOf(plan))
  })
  expect(over.filter((one) => !(one >= 1 && one <= 1.05))).toEqual([])
})
