/** Pools of public addresses: the operator's public networks. */
import { leasable } from '../../model/addresses'
import type { NetworkRecord } from '../../model/records'
import type { Mirror } from '../../store/store'
import type { Context } from '../context'
import { freshEverywhere } from '../watch-computes'
import type { PoolView } from './operations'

/** In order of creation. */
export const publicNetworks = (mirror: Pick<Mirror, 'all'>): readonly NetworkRecord[] =>
  mirror.all('network').filter(({ project, wish }) => project === null && wish.exists && wish.isPublic === true)

/** Of all projects: how full a pool is concerns everybody who wants an address. */
export async function listPools(context: Context): Promise<readonly PoolView[]> {
  await freshEverywhere(context)
  const leased = new Map<string, number>()
  for (const { wish } of context.mirror.all('address')) leased.set(wish.pool, (leased.get(wish.pool) ?? 0) + 1)
  return publicNetworks(context.mirror).map((network) => ({
    network,
    total: leasable(network.wish.cidr, network.wish.gateway, network.wish.range)?.count ?? 0,
    leased: leased.get(network.id) ?? 0,
  }))
}
