/** Public addresses as EC2 shows them. Pure. */
import type { Address, AddressAttribute, NetworkInterfaceAssociation, PublicIpv4Pool } from '@aws-sdk/client-ec2'
import { leasable } from '../../model/addresses'
import { publicsOf } from '../../model/public-addresses'
import type { ComputeRecord, InterfaceWish, PublicWish } from '../../model/records'
import type { AddressView, PoolView } from '../../operations/addresses/operations'
import type { Ec2Context } from '../action'
import { poolName } from '../resources/address-pools'
import { showTags } from './tags'

/** Old clients fail without `instanceId`, so it is there even when empty. */
export function showAddress({ record: { wish }, pool }: AddressView, { caller, region }: Ec2Context): Address {
  const { holder } = wish
  return {
    InstanceId: holder?.computeName ?? '',
    PublicIp: wish.ip,
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
    ...(pool ? { PublicIpv4Pool: poolName(pool) } : {}),
    NetworkBorderGroup: region,
  }
}

/** No address has a name in a DNS here, so there is no PTR record to tell. */
export const showAddressAttribute = ({ record: { wish } }: AddressView): AddressAttribute => ({
  PublicIp: wish.ip,
  AllocationId: wish.name,
})

export function showPool({ network, total, leased }: PoolView, { region }: Ec2Context): PublicIpv4Pool {
  const { wish } = network
  const range = leasable(wish.cidr, wish.gateway, wish.range)
  const counts = { AddressCount: total, AvailableAddressCount: total - leased }
  return {
    PoolId: poolName(network),
    Description: wish.title,
    PoolAddressRanges: range ? [{ FirstAddress: range.at(0), LastAddress: range.at(range.count - 1), ...counts }] : [],
    TotalAddressCount: total,
    TotalAvailableAddressCount: total - leased,
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
