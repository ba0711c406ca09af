/**
 * From counters to rates: pure. A counter starts anew when its domain or host does, and then what it shows now was all
 * used since the last look. Which is why it must be known *that* it started anew: a sum may also become smaller because a
 * part of it went away (a disk was detached, a domain ended), and then what was used meanwhile is unknown.
 */
import type { HostRates, HostUsage, MachineRates, MachineUsage } from './use'

export type Start = 'goes on' | 'anew'

/** How much a counter grew; null where nobody can know. Never negative, never more than was used. */
export function growth(before: number | null, after: number | null, start: Start): number | null {
  if (start === 'anew') return after
  return before === null || after === null || after < before ? null : after - before
}

/** A domain's CPU time becomes smaller only when there is another domain. */
export const startOf = (before: MachineUsage, after: MachineUsage): Start =>
  after.cpuSeconds < before.cpuSeconds ? 'anew' : 'goes on'

/**
 * What is known by it: a counter that its host could not tell this time stands as it was, or the next look would count all of it anew; that
 * of a domain that was started since began with nothing.
 */
export function lasting(before: MachineUsage | undefined, told: MachineUsage): MachineUsage {
  if (before === undefined) return told
  const last = (of: (usage: MachineUsage) => number | null) =>
    of(told) ?? (startOf(before, told) === 'anew' ? 0 : of(before))
  return {
    ...told,
    receivedBytes: last((usage) => usage.receivedBytes),
    sentBytes: last((usage) => usage.sentBytes),
    readBytes: last((usage) => usage.readBytes),
    writtenBytes: last((usage) => usage.writtenBytes),
  }
}

const perSecond = (amount: number | null, ms: number): number | null => (amount === null ? null : (amount * 1000) / ms)

/** Without an earlier look (null) only what needs none is known. `ms`: from that look to this one. */
export function hostRates(before: Omit<HostUsage, 'machines'> | null, after: HostUsage, ms: number): HostRates {
  const { load, freeMemoryMiB } = after
  if (before === null) return { cpuCores: null, load, freeMemoryMiB }
  const start = after.uptimeSeconds < before.uptimeSeconds ? 'anew' : 'goes on'
  return { cpuCores: perSecond(growth(before.cpuSeconds, after.cpuSeconds, start), ms), load, freeMemoryMiB }
}

/** Without an earlier look (null) only the memory is known. `ms`: from that look to this one. */
export function machineRates(before: MachineUsage | null, after: MachineUsage, ms: number): MachineRates {
  const rate = (of: (usage: MachineUsage) => number | null): number | null =>
    before === null ? null : perSecond(growth(of(before), of(after), startOf(before, after)), ms)
  return {
    cpuCores: rate((usage) => usage.cpuSeconds),
    memoryMiB: after.memoryMiB,
    receivedBytes: rate((usage) => usage.receivedBytes),
    sentBytes: rate((usage) => usage.sentBytes),
    readBytes: rate((usage) => usage.readBytes),
    writtenBytes: rate((usage) => usage.writtenBytes),
  }
}
