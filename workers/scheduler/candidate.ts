/** A host while a plan is made: what is free on it shrinks with each placement. */
import type { HostCapacity, Size } from '../../src/model/machine'
import type { Ahead, Demand, HostTraits, HostView, Slot } from '../../src/model/placement'
import { bestOffer, sizeOf } from '../../src/model/providers/offers'
import { type ProviderView, taken } from '../../src/model/providers/view'

export interface Candidate extends HostView {
  machines: number
  free: HostCapacity
  ahead?: readonly Ahead[]
  slots?: readonly Slot[]
  traits?: HostTraits
  provider?: ProviderView
}

const without = (free: HostCapacity, { cpuHundredths, memoryMiB, diskGiB }: HostCapacity): HostCapacity => ({
  cpuHundredths: free.cpuHundredths - cpuHundredths,
  memoryMiB: free.memoryMiB - memoryMiB,
  diskGiB: free.diskGiB - diskGiB,
})

/** What the machine takes there: at a provider the type that is best for it. */
function sizeOn(candidate: Candidate, { size }: Demand): Size {
  const { provider } = candidate
  const offer = provider && bestOffer(size, provider, candidate.free)
  if (!provider || !offer) return size
  candidate.provider = taken(provider, offer)
  return sizeOf(offer)
}

/** The machine takes its place: of what is free. */
export function claimRoom(candidate: Candidate, machine: Demand): void {
  const { yields, ends } = machine
  const size = sizeOn(candidate, machine)
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

/** The machine leaves it. */
export function vacate(candidate: Candidate, { size, name, project = null }: Demand): void {
  candidate.machines -= 1
  candidate.free = {
    cpuHundredths: candidate.free.cpuHundredths + size.cpuHundredths,
    memoryMiB: candidate.free.memoryMiB + size.memoryMiB,
    diskGiB: candidate.free.diskGiB + size.diskGiB,
  }
  const { traits } = candidate
  if (traits && name !== undefined) {
    const instances = traits.instances.filter((one) => one.name !== name || one.project !== project)
    candidate.traits = { ...traits, instances }
  }
}

/** Both. */
export function occupy(candidate: Candidate, demand: Demand): void {
  claimRoom(candidate, demand)
  join(candidate, demand)
}
