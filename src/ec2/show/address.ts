/** Public addresses as EC2 shows them. Pure. */
import type { Address, AddressAttribute, NetworkInterfaceAssociation, PublicIpv4Pool } from '@aws-sdk/client-ec2'
import { leasable } from '../../model/addresses'
import { ipOf } from '../../model/provider-addresses'
import { publicsOf } from '../../model/public-addresses'
import type { ComputeRecord, InterfaceWish, PublicWish } from '../../model/records'
import type { AddressView } from '../../operations/addresses/operations'
import type { Ec2Context } from '../action'
import { borderGroupOf, type Pool, poolName, poolOf } from '../resources/address-pools'
import { showTags } from './tags'

/** Old clients fail without `instanceId`, so it is there even when empty. */
export function showAddress(view: AddressView, { caller, region }: Ec2Context): Address {
  const { record } = view
  const { wish } = record
  const { holder } = wish
  return {
    InstanceId: holder?.computeName ?? '',
    PublicIp: ipOf(record),
    AllocationId: wish.name,
    ...(holder === null
      ? {}
      : {
          AssociationId: holder.association,
          NetworkInterfaceId: holder.interface,
          NetworkInterfaceOwnerId: caller.account,
          PrivateIpAddress: holder.privateAddress,
        }),
    Domain: 'vpc',
    Tags: showTags(wish.tags),
    ...poolOf(view),
    NetworkBorderGroup: borderGroupOf(view, region),
  }
}

/** No address has a name in a DNS here, so there is no PTR record to tell. */
export const showAddressAttribute = ({ record }: AddressView): AddressAttribute => ({
  PublicIp: ipOf(record),
  AllocationId: record.wish.name,
})

export function showPool(pool: Pool, { region }: Ec2Context): PublicIpv4Pool {
  const { total, leased } = pool
  const counts = { TotalAddressCount: total, TotalAvailableAddressCount: Math.max(0, total - leased) }
  if ('provider' in pool) {
    const { zone } = pool.provider.wish
    const is = { PoolId: poolName(pool.provider), Description: `public addresses of machines in ${zone}` }
    return { ...is, PoolAddressRanges: [], ...counts, NetworkBorderGroup: zone, Tags: [] }
  }
  const { wish } = pool.network
  const range = leasable(wish.cidr, wish.gateway, wish.range)
  const inRange = { AddressCount: total, AvailableAddressCount: total - leased }
  return {
    PoolId: poolName(pool.network),
    Description: wish.title,
    PoolAddressRanges: range ? [{ FirstAddress: range.at(0), LastAddress: range.at(range.count - 1), ...inRange }] : [],
    ...counts,
    NetworkBorderGroup: region,
    Tags: showTags(wish.tags),
  }
}

/** The public address that is to lead to an interface. */
export const publicOf = (record: ComputeRecord, { name }: Pick<InterfaceWish, 'name'>): PublicWish | undefined =>
  record.wish.exists ? publicsOf(record).find((one) => one.interface === name) : undefined

/** As an interface shows it; `{}` where none leads there. */
export function showAssociation(
  record: ComputeRecord,
  one: InterfaceWish,
  { caller }: Ec2Context,
): { readonly Association?: NetworkInterfaceAssociation } {
  const found = publicOf(record, one)
  if (found === undefined) return {}
  return { Association: { IpOwnerId: caller.account, PublicDnsName: '', PublicIp: found.ip } }
}
