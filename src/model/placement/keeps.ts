/**
 * What of a host is kept back from placement, or given away more than once (overcommit): pure. An amount, or
 * a share of what the host has with `%`; less than nothing overcommits. What is said of a host counts before what is said of its zone.
 */
import type { HostKeeps, HostRecord } from '../host-records'
import type { HostCapacity } from '../machine'

const AMOUNT = /^-?\d{1,9}(?:\.\d{1,3})?%?$/
const MOST_SHARE = 100
/** No host is given away more than so many times, whether a share says it or an amount. */
const MOST_TIMES = 10
const LEAST_SHARE = -100 * (MOST_TIMES - 1)
const KIB = 1024

/** Whether it is an amount, or a share that makes sense. */
export function isAmount(text: string): boolean {
  if (!AMOUNT.test(text)) return false
  const share = text.endsWith('%') ? Number.parseFloat(text) : 0
  return share <= MOST_SHARE && share >= LEAST_SHARE
}

/** The least amount to keep back of a total: what gives it away ten times. */
export const mostOvercommit = (total: number): number => -total * (MOST_TIMES - 1)

/** Whether an amount would give a total away more than ten times; a share is bounded as it is read. */
export const isTooMuch = (total: number, kept: string | null | undefined): boolean =>
  typeof kept === 'string' && !kept.endsWith('%') && Number(kept) < mostOvercommit(total)

/**
 * What is left of a total, in its own unit, cut off to a whole number. What is no amount is none. It is bounded here again: a host may
 * turn out smaller than it was when an amount was said.
 */
export function lessKept(total: number, kept: string): number {
  if (!isAmount(kept)) return total
  const amount = kept.endsWith('%') ? (total * Number.parseFloat(kept)) / 100 : Number(kept)
  return Math.min(total * MOST_TIMES, Math.max(0, Math.trunc(total - amount)))
}

/** Hypervisors that give a guest its memory for good when it starts: there is none to give twice. */
const GIVES_FOR_GOOD: Readonly<Record<string, string>> = {
  xl: 'Xen gives a guest all of its memory when it starts and takes none back',
}

/** Why memory of hosts with that driver cannot be given away more than once; undefined: it can. */
export const whyNoMemoryTwice = (driver: string): string | undefined =>
  Object.hasOwn(GIVES_FOR_GOOD, driver) ? GIVES_FOR_GOOD[driver] : undefined

export const isOvercommit = (kept: string | undefined): boolean =>
  kept?.startsWith('-') === true && Number.parseFloat(kept) < 0

/** The host's own words, else those of its zone. */
function keepsOf({ driver, keeps, zoneKeeps }: Pick<HostRecord['wish'], 'driver' | 'keeps' | 'zoneKeeps'>): HostKeeps {
  const cpu = keeps?.cpu ?? zoneKeeps?.cpu
  const memory = keeps?.memory ?? zoneKeeps?.memory
  const isRefused = isOvercommit(memory) && whyNoMemoryTwice(driver) !== undefined
  return { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined || isRefused ? {} : { memory }) }
}

/** What may be given away of a host in all, before what others use of it. Storage is never given away twice. */
export function mostOfHost(wish: HostRecord['wish'], capacity: HostCapacity): HostCapacity {
  const { cpu, memory } = keepsOf(wish)
  const { cpuHundredths, memoryMiB, diskGiB } = wish.reserved
  return {
    cpuHundredths: lessKept(capacity.cpuHundredths, cpu ?? '0') - cpuHundredths,
    memoryMiB: memoryLeft(capacity.memoryMiB, memory) - memoryMiB,
    diskGiB: capacity.diskGiB - diskGiB,
  }
}

/** A share is cut off to a whole KiB, as expressions tell it; an amount is in MiB. */
const memoryLeft = (total: number, kept: string | undefined): number => {
  if (kept === undefined) return total
  return kept.endsWith('%') ? lessKept(total * KIB, kept) / KIB : lessKept(total, kept)
}
