/**
 * How far a machine may grow while it runs: the most that it is started with (xl.cfg maxvcpus, maxmem), decided when it is defined.
 *
 * The memory beyond what it has is nobody's until it grows, but Xen keeps 8 KiB of its own for every MiB that a domain may come to
 * have (libxl_get_required_shadow_memory), which nothing else counts: a quarter more is what the hundredth pays for that is kept
 * back of a host's memory (probe.ts). A guest that is started with less than its most has to know Xen: one that boots its disk by
 * itself may not, and touches memory that it does not have.
 */
import { isSimulated } from './image-records'
import type { Amounts } from './machine'
import type { ImageRecord } from './records'

const MORE_CORES = 2
const MORE_MEMORY = 5 / 4

/** The most of a machine that is defined with so much, of that image. */
export function mostOf({ cores, memoryMiB }: Amounts, image: Pick<ImageRecord, 'wish' | 'seen'>): Amounts {
  const knowsXen = isSimulated(image) || (image.wish.boot !== undefined && image.wish.boot.mode !== 'hvm')
  return knowsXen ? { cores: cores * MORE_CORES, memoryMiB: Math.floor(memoryMiB * MORE_MEMORY) } : { cores, memoryMiB }
}

/** Why a machine that runs cannot come to have other amounts than it has now; undefined: it can. A guest gives memory back when it likes, so less of it is none. */
export function whyNotGrown(now: Amounts, most: Amounts, wanted: Amounts): string | undefined {
  if (wanted.memoryMiB < now.memoryMiB) return 'its guest gives no memory back while it runs'
  if (wanted.cores > most.cores) return `it was started to have ${most.cores} cores at most`
  if (wanted.memoryMiB > most.memoryMiB) return `it was started to have ${most.memoryMiB} MiB of memory at most`
  return undefined
}
