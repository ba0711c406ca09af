/** What of a machine's record decides whether a provider can run it. Pure; asked only where a provider serves the site. */

import type { HostId, NetworkId } from '../ids'
import type { Size } from '../machine'
import type { ComputeRecord, HostRecord, NetworkRecord, ProjectRecord } from '../records'
import { volumesOf } from '../storage'
import type { BurstDemand } from './demand'
import { mostOfHost } from './keeps'

export interface BurstSight {
  readonly hosts: readonly HostRecord[]
  readonly project: ProjectRecord | undefined
  /** Those that its interfaces are on, as far as they are there. */
  readonly networks: ReadonlyMap<NetworkId, NetworkRecord>
  readonly now: number
}

/** Undefined: no provider serves the site, and nobody asks. */
export function burstDemand(
  record: ComputeRecord,
  { hosts, project, networks, now }: BurstSight,
): BurstDemand | undefined {
  const providers = hosts.flatMap(({ wish }) => (wish.provider === undefined || wish.removing ? [] : [wish.provider]))
  if (providers.length === 0) return undefined
  return {
    image: record.wish.image,
    homebound: project?.wish.bursts === 'never',
    tied: tiedTo(record, networks),
    patienceMs: patienceOf(record.wish, hosts, now - (record.place.waiting?.since ?? now)),
  }
}

/** What of the wait that providers ask for a machine has behind it, that waited for so long, ms. In steps: machines that wait for different times ask for the same. */
export function patienceOf(
  wish: { readonly size: Size; readonly zone: string | null },
  hosts: readonly HostRecord[],
  waitedMs: number,
): number {
  const waits = hosts.flatMap(({ wish: { provider, removing } }) =>
    provider && !removing ? [provider.burstAfterMs] : [],
  )
  const waited = couldEver(wish, hosts) ? waitedMs : Number.POSITIVE_INFINITY
  return Math.max(0, ...waits.filter((wait) => wait <= waited))
}

function tiedTo({ wish }: ComputeRecord, networks: ReadonlyMap<NetworkId, NetworkRecord>): string | null {
  if (volumesOf({ wish }).length > 0) return 'volumes'
  if (wish.interfaces.length > 1) return 'several interfaces'
  if (wish.interfaces.some(({ allocation }) => allocation === 'static')) return 'an address of its own choice'
  const isOwn = wish.interfaces.some(({ network }) => (networks.get(network)?.project ?? null) !== null)
  return isOwn ? "a network of its project's" : null
}

/** Whether some local host that takes machines is large enough, were it empty. */
const couldEver = (
  { size, zone }: { readonly size: Size; readonly zone: string | null },
  hosts: readonly HostRecord[],
) =>
  hosts.some(({ wish, seen }) => {
    const takes = wish.provider === undefined && wish.enabled && !wish.removing && seen.capacity !== null
    const most = seen.capacity && mostOfHost(wish, seen.capacity)
    const fits = (of: 'cpuHundredths' | 'memoryMiB' | 'diskGiB'): boolean => (most?.[of] ?? 0) >= size[of]
    return (
      takes && (zone === null || wish.zone === zone) && fits('cpuHundredths') && fits('memoryMiB') && fits('diskGiB')
    )
  })

/** Ids of the networks that have to be read for it. */
export const networksOf = ({ wish }: ComputeRecord): readonly NetworkId[] =>
  wish.interfaces.map(({ network }) => network)

/** Whether any of these hosts is a provider. */
export const hasProvider = (hosts: readonly { readonly id: HostId; readonly wish: HostRecord['wish'] }[]): boolean =>
  hosts.some(({ wish }) => wish.provider !== undefined)
