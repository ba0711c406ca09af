/** Elastic IP addresses of ours in an account, by their tags. DescribeAddresses has no pages: one call tells all that match. */
import type { Address, Filter } from '@aws-sdk/client-ec2'
import type { PublicSighting } from '../../../../../src/model/machine'
import type { AddressSighting } from '../../../driver'
import type { Call } from '../client'
import { whereTold } from '../lookup'
import { ADDRESS, attemptOf, ofSiteWide } from '../marks'

async function describe(call: Call, filters: Filter[]): Promise<readonly Address[]> {
  const { Addresses = [] } = await call((sdk, client, abortSignal) =>
    client.send(new sdk.DescribeAddressesCommand({ Filters: filters }), { abortSignal }),
  )
  return Addresses
}

const nameOf = ({ Tags = [] }: Address): string | undefined => Tags.find(({ Key }) => Key === ADDRESS)?.Value

/** Every object that bears an address's mark: that of the first attempt before those of later ones, and always the same before the others. */
export async function addressesNamed(call: Call, site: string, name: string): Promise<readonly Address[]> {
  const found = await describe(call, [{ Name: `tag:${ADDRESS}`, Values: [name] }, ofSiteWide(site)])
  return found.toSorted((a, b) => attemptOf(a) - attemptOf(b) || (objectOf(a) < objectOf(b) ? -1 : 1))
}

/** Those of ours among these IPv4 addresses. */
export const addressesAt = async (call: Call, site: string, ips: readonly string[]): Promise<readonly Address[]> =>
  ips.length === 0 ? [] : describe(call, [{ Name: 'public-ip', Values: [...ips] }, ofSiteWide(site)])

/** Those of ours that lead to one instance. */
export const addressesOn = (call: Call, site: string, instance: string): Promise<readonly Address[]> =>
  describe(call, [{ Name: 'instance-id', Values: [instance] }, ofSiteWide(site)])

/** All of the site; undefined where they are not told. */
export const allAddresses = (call: Call, site: string): Promise<readonly Address[] | undefined> =>
  whereTold(describe(call, [ofSiteWide(site)]))

export const objectOf = ({ AllocationId = '' }: Address): string => AllocationId

/** Nothing for what bears no mark of ours. */
export function sightingsOf(addresses: readonly Address[]): readonly AddressSighting[] {
  return addresses.flatMap((address) => {
    const name = nameOf(address)
    return name === undefined ? [] : [{ name, object: objectOf(address), ip: address.PublicIp ?? '' }]
  })
}

/** The addresses of each instance, by its id. Which interface of ours it is the provider does not know: its machines have one. */
export function publicsByInstance(addresses: readonly Address[]): ReadonlyMap<string, readonly PublicSighting[]> {
  const publics = new Map<string, PublicSighting[]>()
  for (const { InstanceId, PublicIp } of addresses) {
    if (!InstanceId || !PublicIp) continue
    const same = publics.get(InstanceId) ?? []
    same.push({ ip: PublicIp, mac: '' })
    publics.set(InstanceId, same)
  }
  return publics
}
