/** A host while a plan is made: what is free on it shrinks with each placement. */
import { hourAt } from '../../src/model/accounts/prices'
import type { HostCapacity, Size } from '../../src/model/machine'
import {
  type Ahead,
  type Counts,
  counted,
  type Demand,
  type HostTraits,
  type HostView,
  type Slot,
  withGiving,
} from '../../src/model/placement'
import { bestOffer, sizeOf } from '../../src/model/providers/offers'
import { type ProviderView, taken } from '../../src/model/providers/view'

export interface Candidate extends HostView {
  machines: number
  free: HostCapacity
  ahead?: readonly Ahead[]
  slots?: readonly Slot[]
  traits?: HostTraits
  provider?: ProviderView
  tenants?: Counts | undefined
  keptFor?: Counts | undefined
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
  const price = hourAt(offer, size.diskGiB, provider.prices)
  candidate.provider = taken(provider, offer, price)
  return sizeOf(offer, price)
}

const withMore = (free: HostCapacity, { cpuHundredths, memoryMiB, diskGiB }: HostCapacity): HostCapacity => ({
  cpuHundredths: free.cpuHundredths + cpuHundredths,
  memoryMiB: free.memoryMiB + memoryMiB,
  diskGiB: free.diskGiB + diskGiB,
})

const given = (giving: Ahead['giving']): Pick<Ahead, 'giving'> => (giving ? { giving } : {})

/** What is free now and later changes by its size; it leaves the later times alone, but for its disk, where it has given way by then. */
function change(candidate: Candidate, { size, yields, ends }: Demand, by: typeof without): void {
  candidate.free = by(candidate.free, size)
  if (candidate.ahead)
    candidate.ahead = candidate.ahead.map(({ giving, ...one }) => {
      if (!yields && (ends === undefined || ends > one.at))
        return { ...one, ...given(giving), free: by(one.free, size) }
      const free = { ...one.free, diskGiB: by(one.free, size).diskGiB }
      return { ...one, ...(yields ? withGiving(given(giving), size, by === without ? 1 : -1) : given(giving)), free }
    })
}

/** The machine takes its place: of what is free. */
export function claimRoom(candidate: Candidate, demand: Demand): void {
  const size = sizeOn(candidate, demand)
  change(candidate, size === demand.size ? demand : { ...demand, size }, without)
}

/** Whose it is, where that makes a difference to anybody. */
export function countTenant(
  candidate: Candidate,
  { project, hosting }: Pick<Demand, 'project' | 'hosting'>,
  by: 1 | -1,
): void {
  candidate.tenants = counted(candidate.tenants, project ?? '', by)
  if (hosting?.alone) candidate.keptFor = counted(candidate.keptFor, project ?? '', by)
}

/** The machine is among those that are there. */
export function join(candidate: Candidate, { name, project = null }: Demand): void {
  candidate.machines += 1
  const { traits } = candidate
  if (traits && name !== undefined)
    candidate.traits = { ...traits, instances: [...traits.instances, { name, project }] }
}

/** The machine leaves it: a host of the site's own. */
export function vacate(candidate: Candidate, demand: Demand): void {
  change(candidate, demand, withMore)
  candidate.machines -= 1
  const { name, project = null } = demand
  countTenant(candidate, demand, -1)
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
  countTenant(candidate, demand, 1)
}
