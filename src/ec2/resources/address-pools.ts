/** Pools of public addresses as EC2 names them: `ipv4pool-ec2-…`, after the name of their network, or the id of their provider. */
import { fault } from '../../faults'
import { isShortName, SHORT_PREFIXES } from '../../model/ids'
import type { HostRecord, NetworkRecord, PoolId } from '../../model/records'
import type { AddressView, PoolView, ProviderPoolView } from '../../operations/addresses/operations'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { pick } from '../filters/pick'

export type Pool = PoolView | ProviderPoolView

const DIGITS = 17

export const poolName = (pool: NetworkRecord | HostRecord): string =>
  pool.kind === 'network'
    ? pool.wish.subnet.replace(SHORT_PREFIXES.network, SHORT_PREFIXES.addresspool)
    : `${SHORT_PREFIXES.addresspool}-${pool.id.replaceAll('-', '').slice(0, DIGITS)}`

const recordOf = (pool: Pool): NetworkRecord | HostRecord => ('provider' in pool ? pool.provider : pool.network)

/** As an address shows its pool; `{}` where that is gone. */
export function poolOf({ pool, provider }: AddressView): { readonly PublicIpv4Pool?: string } {
  const its = pool ?? provider
  return its === undefined ? {} : { PublicIpv4Pool: poolName(its) }
}

/** Where an address can be used: in the zone that its provider is, else anywhere in the site. */
export const borderGroupOf = ({ provider }: AddressView, region: string): string => provider?.wish.zone ?? region

/** Those of these ids, or all. Faults: 'malformed', 'not-found'. */
export async function poolsAsked(
  ids: readonly string[] | undefined,
  { operations, caller }: Ec2Context,
): Promise<readonly Pool[]> {
  for (const id of ids ?? [])
    if (!isShortName('addresspool', id))
      throw fault('malformed', `Invalid id: "${shorten(id)}" (expecting "ipv4pool-ec2-...")`, {
        field: 'PoolId',
        subject: { kind: 'addresspool', id: shorten(id) },
      })
  const all = [...(await operations.listPools(caller)), ...(await operations.listProviderPools(caller))]
  return pick(all, ids, {
    nameOf: (pool) => poolName(recordOf(pool)),
    field: 'PoolId',
    subject: 'addresspool',
    says: (missing) => `The pool ID '${missing}' does not exist`,
  })
}

/** What EC2's clients name that want any. */
const ANY = 'amazon'

interface Asked {
  readonly PublicIpv4Pool?: string | undefined
  readonly NetworkBorderGroup?: string | undefined
}

/** The pool to lease from; undefined: any of the site's own. Faults: as poolsAsked's; 'invalid' for no such group, 'combination' for a pool of another. */
export async function poolNamed(
  { PublicIpv4Pool: id, NetworkBorderGroup: group }: Asked,
  context: Ec2Context,
): Promise<PoolId | undefined> {
  const inGroup = poolsOfGroup(group, context)
  if (id === undefined || id === '' || id === ANY) return inGroup && firstWithRoom(inGroup, context)
  const [pool] = await poolsAsked([id], context)
  const its = pool && recordOf(pool).id
  if (inGroup && !inGroup.some((one) => one.id === its))
    throw fault('combination', `the pool ${shorten(id)} is not of the group ${shorten(group ?? '')}`, {
      field: 'PublicIpv4Pool',
    })
  return its
}

/** Where none of them has an address left, the first: it says so. */
async function firstWithRoom(
  inGroup: readonly HostRecord[],
  { operations, caller }: Ec2Context,
): Promise<PoolId | undefined> {
  const ids = new Set(inGroup.map(({ id }) => id))
  const pools = await operations.listProviderPools(caller)
  const free = pools.find(({ provider, total, leased }) => leased < total && ids.has(provider.id))
  return (free?.provider ?? inGroup[0])?.id
}

/** Providers of a zone: addresses of another pool do not lead to machines there. Undefined: the whole site is meant. Faults: 'invalid'. */
function poolsOfGroup(
  group: string | undefined,
  { operations, region }: Ec2Context,
): readonly HostRecord[] | undefined {
  if (group === undefined || group === '' || group === region) return undefined
  const pools = operations.providerPools()
  const inGroup = pools.filter(({ wish }) => wish.zone === group)
  if (inGroup.length > 0) return inGroup
  const allowed = [...new Set([region, ...pools.map(({ wish }) => wish.zone)])]
  const what = `no public addresses are offered in the group ${shorten(group)}`
  throw fault('invalid', `${what}: NetworkBorderGroup is ${allowed.join(' or ')}`, {
    field: 'NetworkBorderGroup',
    allowed,
  })
}
