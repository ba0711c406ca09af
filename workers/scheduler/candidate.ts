/** A host while a plan is made: what is free on it shrinks with each placement. */
import type { HostCapacity } from '../../src/model/machine'
import type { Demand, HostTraits, HostView } from '../../src/model/placement'
import { bestOffer, sizeOf } from '../../src/model/providers/offers'
import { type ProviderView, taken } from '../../src/model/providers/view'

export interface Candidate extends HostView {
  machines: number
  free: HostCapacity
  traits?: HostTraits
  provider?: ProviderView
}

/** The machine takes its place: of what is free, and among those that are there. */
export function occupy(candidate: Candidate, { size: asked, name, project = null }: Demand): void {
  candidate.machines += 1
  const { provider } = candidate
  const offer = provider && bestOffer(asked, provider, candidate.free)
  if (provider && offer) candidate.provider = taken(provider, offer)
  const size = offer ? sizeOf(offer) : asked
  candidate.free = {
    cpuHundredths: candidate.free.cpuHundredths - size.cpuHundredths,
    memoryMiB: candidate.free.memoryMiB - size.memoryMiB,
    diskGiB: candidate.free.diskGiB - size.diskGiB,
  }
  const { traits } = candidate
  if (traits && name !== undefined)
    candidate.traits = { ...traits, instances: [...traits.instances, { name, project }] }
}
