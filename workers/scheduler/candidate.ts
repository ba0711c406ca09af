/** A host while a plan is made: what is free on it shrinks with each placement. */
import type { HostCapacity } from '../../src/model/machine'
import type { Ahead, Demand, HostTraits, HostView, Slot } from '../../src/model/placement'

export interface Candidate extends HostView {
  machines: number
  free: HostCapacity
  ahead?: readonly Ahead[]
  slots?: readonly Slot[]
  traits?: HostTraits
}

const without = (free: HostCapacity, { cpuHundredths, memoryMiB, diskGiB }: HostCapacity): HostCapacity => ({
  cpuHundredths: free.cpuHundredths - cpuHundredths,
  memoryMiB: free.memoryMiB - memoryMiB,
  diskGiB: free.diskGiB - diskGiB,
})

/** The machine takes its place: of what is free. */
export function claimRoom(candidate: Candidate, { size, yields, ends }: Demand): void {
  candidate.free = without(candidate.free, size)
  if (candidate.ahead)
    candidate.ahead = candidate.ahead.map((one) =>
      yields || (ends !== undefined && ends <= one.at)
        ? { ...one, free: { ...one.free, diskGiB: one.free.diskGiB - size.diskGiB } }
        : { ...one, free: without(one.free, size) },
    )
}

/** The machine is among those that are there. */
export function join(candidate: Candidate, { name, project = null }: Demand): void {
  candidate.machines += 1
  const { traits } = candidate
  if (traits && name !== undefined)
    candidate.traits = { ...traits, instances: [...traits.instances, { name, project }] }
}

/** Both. */
export function occupy(candidate: Candidate, demand: Demand): void {
  claimRoom(candidate, demand)
  join(candidate, demand)
}
