/** What the site offers to everybody: images, types, networks, zones, and what an order gets that names none. */
import type { ImageRecord, NetworkRecord, TypeRecord } from '../model/records'
import type { Mirror } from '../store/store'
import type { Caller, Context, Operator } from './context'
import { isCaller } from './images/quota'
import type { Zone } from './operations'

const DEFAULT_IMAGE = 'debian-12'

const publicImages = (mirror: Pick<Mirror, 'all'>): readonly ImageRecord[] =>
  mirror.all('image').filter((image) => image.project === null && image.wish.exists)

/** Instance types, smallest first. */
export async function listTypes({ mirror }: Context): Promise<readonly TypeRecord[]> {
  await mirror.fresh()
  return typesBySize(mirror)
}

const typesBySize = (mirror: Pick<Mirror, 'all'>): readonly TypeRecord[] =>
  [...mirror.all('type')].sort(
    ({ wish: a }, { wish: b }) =>
      a.size.memoryMiB - b.size.memoryMiB || a.size.cores - b.size.cores || (a.name < b.name ? -1 : 1),
  )

/**
 * The operator's networks that exist; those of public addresses, which no machine is connected to, for operators alone. For a caller, then
 * the project's own.
 */
export async function listNetworks({ mirror }: Context, who: Caller | Operator): Promise<readonly NetworkRecord[]> {
  if (!isCaller(who)) {
    await mirror.fresh()
    return siteNetworks(mirror)
  }
  await mirror.fresh(who.project)
  return [...connectable(mirror), ...mirror.list('network', who.project).filter(({ wish }) => wish.exists)]
}

const siteNetworks = (mirror: Pick<Mirror, 'all'>): readonly NetworkRecord[] =>
  mirror.all('network').filter((network) => network.project === null && network.wish.exists)

const connectable = (mirror: Pick<Mirror, 'all'>): readonly NetworkRecord[] =>
  siteNetworks(mirror).filter(({ wish }) => wish.isPublic !== true)

/** Zones are groups of hosts: one exists while a host bears its name, and is enabled while one of them takes machines. */
export async function listZones({ mirror }: Context): Promise<readonly Zone[]> {
  await mirror.fresh()
  const zones = new Map<string, { enabled: boolean; hosts: number }>()
  for (const { wish } of mirror.all('host')) {
    if (wish.removing) continue
    const zone = zones.get(wish.zone) ?? { enabled: false, hosts: 0 }
    zones.set(wish.zone, { enabled: zone.enabled || wish.enabled, hosts: zone.hosts + 1 })
  }
  return [...zones].map(([name, zone]) => ({ name, ...zone })).sort((a, b) => (a.name < b.name ? -1 : 1))
}

export interface Defaults {
  readonly image: ImageRecord | undefined
  readonly type: TypeRecord | undefined
  readonly network: NetworkRecord | undefined
}

/** `debian-12` or the first image; the smallest type; the first network. Synchronous: what the mirror has. */
export function siteDefaults(mirror: Pick<Mirror, 'all' | 'named'>): Defaults {
  const named = mirror.named(`image:${DEFAULT_IMAGE}`)
  return {
    image: named?.kind === 'image' && named.wish.exists ? named : publicImages(mirror)[0],
    type: typesBySize(mirror)[0],
    network: connectable(mirror)[0],
  }
}
