/** What an account at a provider has, as its operator allows: nobody else's limits are asked. */
import { fault } from '../../../src/faults'
import type { Capabilities, HostCapacity } from '../../../src/model/machine'
import type { ProviderTarget } from '../../../src/model/providers/target'
import type { HostProbe, HostTarget } from '../driver'

/** Where nothing says how much: more than anybody asks for. */
const PLENTY: HostCapacity = { cpuHundredths: 100_000_000, memoryMiB: 1_000_000_000, diskGiB: 1_000_000_000 }

/** Types times their counts, within the limits, as OpenNebula counts what a provider has. */
export function accountCapacity({ types, limits }: Pick<ProviderTarget, 'types' | 'limits'>): HostCapacity {
  const all = types.every(({ count }) => count !== null)
  const sum = (of: (type: ProviderTarget['types'][number]) => number): number =>
    types.reduce((total, type) => total + of(type) * (type.count ?? 0), 0)
  const cpuHundredths = all ? sum(({ cores }) => cores * 100) : PLENTY.cpuHundredths
  const memoryMiB = all ? Math.floor(sum(({ memoryMiB }) => memoryMiB)) : PLENTY.memoryMiB
  return {
    cpuHundredths: limits.cores === null ? cpuHundredths : Math.min(cpuHundredths, limits.cores * 100),
    memoryMiB: limits.memoryMiB === null ? memoryMiB : Math.min(memoryMiB, limits.memoryMiB),
    diskGiB: PLENTY.diskGiB,
  }
}

/** A provider never restarts: its boot identity is the account's. */
export const accountProbe = (host: HostTarget, lacks: Capabilities['lacks'], version: string): HostProbe => ({
  capacity: accountCapacity(accountAt(host)),
  capabilities: { lacks },
  boot: `provider:${host.id}`,
  version,
})

/** Fault: 'unsupported' for a host that is none of a provider's. */
export function accountAt({ name, provider }: HostTarget): ProviderTarget {
  if (provider === undefined) throw fault('unsupported', `${name} is no account at a provider`)
  return provider
}
