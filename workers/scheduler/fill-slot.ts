/** What a machine in a place of a reservation leaves of its host. */
import type { HostCapacity } from '../../src/model/machine'
import type { Demand, Slot } from '../../src/model/placement'
import type { Candidate } from './candidate'

/** So much more. */
export const more = (free: HostCapacity, by: HostCapacity): HostCapacity => ({
  cpuHundredths: free.cpuHundredths + by.cpuHundredths,
  memoryMiB: free.memoryMiB + by.memoryMiB,
  diskGiB: free.diskGiB + by.diskGiB,
})

/** Whether the reservation is not over at that time. */
export const isDuring = (at: number, { until }: Slot): boolean => until === null || at < until

/** The place was taken of the host before: what the machine needs beside it is taken now, or is free again. */
export function fillSlot(host: Candidate, { size }: Demand, slot: Slot): void {
  const back = (free: HostCapacity): HostCapacity => more(more(free, slot.size), minus(size))
  host.free = back(host.free)
  if (host.ahead)
    host.ahead = host.ahead.map(({ free, ...one }) => ({
      ...one,
      free: isDuring(one.at, slot) ? back(free) : { ...free, diskGiB: free.diskGiB - size.diskGiB },
    }))
  if (host.slots)
    host.slots = host.slots
      .map((one) => (one.reservation === slot.reservation ? { ...one, free: one.free - 1 } : one))
      .filter(({ free }) => free > 0)
}

export const minus = ({ cpuHundredths, memoryMiB, diskGiB }: HostCapacity): HostCapacity => ({
  cpuHundredths: -cpuHundredths,
  memoryMiB: -memoryMiB,
  diskGiB: -diskGiB,
})
