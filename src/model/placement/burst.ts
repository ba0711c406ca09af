/** What of a machine's record decides whether a provider can run it. Pure; asked only where a provider serves the site. */

import type { HostId, NetworkId } from '../ids'
import type { Size } from '../machine'
import type { ComputeRecord, HostRecord, NetworkRecord, ProjectRecord } from '../records'
import { type StorageRecord, volumesOf } from '../storage'
import type { BurstDemand } from './demand'
import { mostOfHost } from './keeps'

export interface BurstSight {
  readonly hosts: readonly HostRecord[]
  readonly project: ProjectRecord | undefined
  /** Those that its interfaces are on, as far as they are there. */
  readonly networks: ReadonlyMap<NetworkId, NetworkRecord>
  /** Those that are to hang on it, as far as they are there. */
  readonly volumes?: readonly StorageRecord[]
  readonly now: number
}

/** Undefined: no provider serves the site, and nobody asks. */
export function burstDemand(
  record: ComputeRecord,
  { hosts, project, networks, volumes = [], now }: BurstSight,
): BurstDemand | undefined {
  const providers = hosts.flatMap(({ wish }) => (wish.provider === undefined || wish.removing ? [] : [wish.provider]))
  if (providers.length === 0) return undefined
  const { never, regions: own, sections } = record.wish.burst ?? {}
  const regions = [own, project?.wish.regions].filter((list) => list !== undefined)
  return {
    ...(never ? { stays: true } : {}),
    ...(regions.length > 0 ? { regions } : {}),
    ...(sections === undefined ? {} : { sections }),
    image: record.wish.image,
    homebound: project?.wish.bursts === 'never',
    tied: tiedTo(record, networks, volumes),
    ...(volumesOf(record).length > 0 ? { disks: true } : {}),
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

function tiedTo(
  { wish }: ComputeRecord,
  networks: ReadonlyMap<NetworkId, NetworkRecord>,
  volumes: readonly StorageRecord[],
): string | null {
  const { length } = volumesOf({ wish })
  if (length > 0 && volumes.filter(isUnmade).length < length) return 'volumes that are not new and empty'
  if (wish.interfaces.length > 1) return 'several interfaces'
  if (wish.interfaces.some(({ allocation }) => allocation === 'static')) return 'an address of its own choice'
  const isOwn = wish.interfaces.some(({ network }) => (networks.get(network)?.project ?? null) !== null)
  return isOwn ? "a network of its project's" : null
}

/** It lies nowhere yet, and nothing is to be in it: it can be made wherever its machine is. */
const isUnmade = ({ wish: { source }, place, seen }: StorageRecord): boolean =>
  place.host === null && seen.madeAt === null && (source === undefined || source.blank === true)

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
