/**
 * The configurations of the HPDC'08 experiments, as Haizea's own files for them have it (etc/blue/blue-30days-24h.conf there):
 * aggressive backfilling, suspend and resume at 50 MB/s, factor 1; machines cost 5 % of the run time and 20 s to boot and shut down;
 * 37 images of 4 GB come from one place at 10 MB/s, one copy at a time to any number of nodes; a node's cache holds 20 GB of them.
 */
import { DEFAULT_RULES } from '../../../workers/scheduler/leases'
import { DEFAULT_OVERHEADS } from '../../support/lease-overheads'
import type { Request, World } from '../../support/lease-world'

const RATE = { suspendMibPerSecond: 50, resumeMibPerSecond: 50 }
const MOVES = { moveMibPerSecond: 10 }
const MACHINES = { ...DEFAULT_OVERHEADS, ...RATE, ...MOVES, bootSeconds: 10, shutdownSeconds: 10 }
const COPIES = { ...MACHINES, imageMibPerSecond: 10 }
const IMAGE_MIB = 4096
const IMAGES = 37
/** How many of them a node's cache of 20 GB holds. */
const CACHED = 5

type Site = Pick<World, 'overheads' | 'rules'> & { readonly cache?: number }

export interface Configuration {
  readonly name: string
  readonly site: Site
  /** Of the run time, as a factor. */
  readonly slowdown: number
  /** Which image a lease has; absent: images are wherever they are needed. */
  readonly image?: (at: number) => number
}

const rules = { ...DEFAULT_RULES, foresee: 'reserved' as const }
const withoutSuspension = { ...rules, preemption: 'none' as const }

/** Evenly spread and always the same (mulberry32 of the position). */
function drawn(at: number): number {
  const state = (at * 0x9e3779b9 + 0x6d2b79f5) | 0
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}

const uniform = (at: number): number => Math.floor(drawn(at) * IMAGES)

/** Seven images have 10 % of the leases each, thirty 1 %. */
function skewed(at: number): number {
  const percent = Math.floor(drawn(at) * 100)
  return percent < 70 ? Math.floor(percent / 10) : 7 + (percent - 70)
}

export const CONFIGURATIONS: readonly Configuration[] = [
  { name: 'no VM, no suspend', slowdown: 1, site: { rules: withoutSuspension, overheads: DEFAULT_OVERHEADS } },
  { name: 'no VM, suspend', slowdown: 1, site: { rules, overheads: { ...DEFAULT_OVERHEADS, ...RATE, ...MOVES } } },
  { name: 'VM, image predeployed', slowdown: 1.05, site: { rules, overheads: MACHINES } },
  { name: 'VM, 37 images, no reuse', slowdown: 1.05, site: { rules, overheads: COPIES }, image: uniform },
  { name: 'VM, reuse, uniform', slowdown: 1.05, site: { rules, overheads: COPIES, cache: CACHED }, image: uniform },
  { name: 'VM, reuse, skewed', slowdown: 1.05, site: { rules, overheads: COPIES, cache: CACHED }, image: skewed },
]

/** A workload as that configuration runs it. Reservations are of the time that they hold, whatever runs in it. */
export function asRunBy({ slowdown, image }: Configuration, requests: readonly Request[]): Request[] {
  return requests.map(({ lease, real }, at) => {
    const factor = lease.terms.kind === 'best-effort' ? slowdown : 1
    const seconds = lease.seconds === null ? null : lease.seconds * factor
    const its = image ? { image: { name: `image-${image(at)}`, mib: IMAGE_MIB } } : {}
    return { lease: { ...lease, seconds, ...its }, ...(real === undefined ? {} : { real: real * factor }) }
  })
}
