/** The hosts and machines of placement's benches. */
import type { PlacementWish } from '../../../src/model/placement'

export const SHAPES = 50

/** A small generator, so that runs repeat (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Ranks that placements change (four of five) and ranks that they do not. */
const RANKS = [
  '- RUNNING_VMS * 100 + CPUSPEED',
  'RUNNING_VMS * 10 + FREE_CPU / 100',
  'MAX_MEM - MEM_USAGE',
  'CPUSPEED - CPU_USAGE',
  'FREE_CPU * CPUSPEED',
]

/** What machines ask for: a size, a rank, and a third of them requirements. */
export const shapes = () =>
  Array.from({ length: SHAPES }, (_, at) => {
    const cores = 1 + (at % 4)
    const wish: PlacementWish = {
      rank: `${RANKS[at % RANKS.length]} + ${at}`,
      ...(at % 3 === 0 ? { requirements: `RACK != "r${at % 40}" & CPUSPEED > 2100` } : {}),
    }
    return {
      size: { type: '', cores, cpuHundredths: 100 * cores, memoryMiB: 1024 * (1 + (at % 5)), diskGiB: 10 },
      wish,
    }
  })
