/** Sites with hosts of their own and providers, and mixes of machines for them: what tests of thrift place, and draw. */
import fc from 'fast-check'
import { type Demand, type HostView, hostViews } from '../../src/model/placement'
import type { ProviderType } from '../../src/model/providers/record'
import type { Plan } from '../../workers/scheduler/place'
import type { Mix } from './cheapest-mix'
import { demand, hostRecord, sizeOf } from './host-record'
import { providerRecord, THEIR_IMAGE } from './provider-record'

const NOW = Date.UTC(2026, 10, 21, 12)
const BURST = { image: THEIR_IMAGE, homebound: false, tied: null, patienceMs: 0 }

/** Types with numbers that are equal to one another belong to one provider. */
export interface BurstSite extends Mix {
  readonly providerOf: readonly number[]
}

export const hostsOf = ({ hosts, types, providerOf }: BurstSite): readonly HostView[] => {
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
export const machinesOf = ({ sizes, counts }: Mix, shuffle: (at: number) => number): readonly Demand[] =>
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

/** An hour of all that a plan sends away, millionths. */
export const costOf = ({ placed }: Plan): number => placed.reduce((sum, { offer }) => sum + (offer?.price ?? 0), 0)

export const drawnSize = fc
  .record({ cores: fc.integer({ min: 1, max: 8 }), gib: fc.integer({ min: 1, max: 32 }) })
  .map(({ cores, gib }) => ({ cores, memoryMiB: gib * 1024 }))
export const drawnHost = fc
  .record({ cores: fc.integer({ min: 4, max: 32 }), gib: fc.integer({ min: 8, max: 96 }) })
  .map(({ cores, gib }) => ({ cores, memoryMiB: gib * 1024 }))
/** Larger ones cost more, more or less. */
export const drawnType = fc
  .record({
    its: drawnSize,
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
export const ANY_TYPE = { cores: 8, memoryMiB: 32 * 1024, price: 900_000, count: 1000 }
