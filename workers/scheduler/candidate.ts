/** A host while a plan is made: what is free on it shrinks with each placement. */
import type { HostCapacity } from '../../src/model/machine'
import type { Demand, HostTraits, HostView } from '../../src/model/placement'

export interface Candidate extends HostView {
  machines: number
  free: HostCapacity
  traits?: HostTraits
}

/** The machine takes its place: of what is free, and among those that are there. */
export function occupy(candidate: Candidate, { size, name, project = null }: Demand): void {
  candidate.machines += 1
  candidate.free = {
    cpuHundredths: candidate.free.cpuHundredths - size.cpuHundredths,
    memoryMiB: candidate.free.memoryMiB - size.memoryMiB,
    diskGiB: candidate.free.diskGiB - size.diskGiB,
  }
  const { traits } = candidate
  if (traits && name !== undefined)
    candidate.traits = { ...traits, instances: [...traits.instances, { name, project }] }
}

/** The machine that took its place last leaves it again. */
export function vacate(candidate: Candidate, { size, name }: Demand): void {
  candidate.machines -= 1
  candidate.free = {
    cpuHundredths: candidate.free.cpuHundredths + size.cpuHundredths,
    memoryMiB: candidate.free.memoryMiB + size.memoryMiB,
    diskGiB: candidate.free.diskGiB + size.diskGiB,
  }
  const { traits } = candidate
  if (traits && name !== undefined) candidate.traits = { ...traits, instances: traits.instances.slice(0, -1) }
}
