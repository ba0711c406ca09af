/** Providers of which public addresses may be leased: the operator says how many (setting `addresses`). They are named by their zones. */
import { fault } from '../../faults'
import { addressesOffered } from '../../model/provider-addresses'
import type { HostRecord } from '../../model/records'
import type { Mirror } from '../../store/store'
import type { Context } from '../context'
import { freshEverywhere } from '../watch-computes'
import type { ProviderPoolView } from './operations'

type Reads = Pick<Mirror, 'all'>

/** In order of creation. */
export const providerPools = (mirror: Reads): readonly HostRecord[] =>
  mirror.all('host').filter((host) => addressesOffered(host) > 0)

const leasedOf = (mirror: Reads, { id }: HostRecord): number =>
  mirror.all('address').filter(({ wish }) => wish.pool === id).length

/** Of all projects: how full a pool is concerns everybody who wants an address. */
export async function listProviderPools(context: Context): Promise<readonly ProviderPoolView[]> {
  await freshEverywhere(context)
  const { mirror } = context
  return providerPools(mirror).map((provider) => ({
    provider,
    total: addressesOffered(provider),
    leased: leasedOf(mirror, provider),
  }))
}

/** Fault: 'no-capacity'. Its own job counts again, before it asks the provider. */
export function refuseFull(mirror: Reads, provider: HostRecord): void {
  const most = addressesOffered(provider)
  if (leasedOf(mirror, provider) < most) return
  const { zone } = provider.wish
  throw fault('no-capacity', `all ${most} public addresses that may be leased in ${zone} are`, {
    subject: { kind: 'address', id: '' },
  })
}

/** How an address that leads to machines at providers is asked for; '' where none is offered. */
export function hintOfPools(mirror: Reads): string {
  const zones = [...new Set(providerPools(mirror).map(({ wish }) => wish.zone))]
  return zones.length === 0
    ? ''
    : `; addresses of its provider are leased with NetworkBorderGroup=${zones.join(' or ')}`
}
