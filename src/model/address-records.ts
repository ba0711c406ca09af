/**
 * Public addresses: leased to a project from a public network, associated with one interface of one machine (EC2 Elastic IP address,
 * OCCI ipreservation). One record for both fronts.
 *
 * Who writes what: operations write `wish` (holder included) together with the wishes of the machines that it names, in one
 * script. Its host publishes an address in the machine's own job, under the machine's claim, so whether an address leads to a
 * machine is read from the machine (`mayPublish`), never kept twice. Of an address of the site's own no back end has anything: it has no
 * job. One of a provider's is made and given back there by its own job, which writes all but the wish (provider-addresses.ts).
 *
 * Never at two machines: whoever is to have it next publishes it only once every former one was seen without it. The last holder
 * is one of the former until a look after its loss was written, whatever the gateway that took it away could see of it.
 */
import type { Envelope } from './envelope'
import type { AddressId, ComputeId, HostId, NetworkId } from './ids'
import type { AddressJournal, AddressPlace, AddressSeen } from './provider-addresses'

/** A public network of the site, or a provider whose addresses come from its account there. */
export type PoolId = NetworkId | HostId

/** Where an address leads: one interface of one machine. */
export interface AddressTarget {
  /** `eni-…` */
  readonly interface: string
  readonly mac: string
  /** Of that interface, in its own network. */
  readonly privateAddress: string
  /** `eipassoc-…` */
  readonly association: string
  /** When it was asked for, ms. */
  readonly since: number
}

export interface AddressHolder extends AddressTarget {
  readonly compute: ComputeId
  /** `i-…` */
  readonly computeName: string
}

export interface AddressWish {
  /** `eipalloc-…` */
  readonly name: string
  /** IPv4; '' of one of a provider's: which one it is its provider says (`ipOf`). */
  readonly ip: string
  /** Where it is leased from. */
  readonly pool: PoolId
  /** Its pool is a provider, and it leads to machines there alone; absent: it is one of the site's own. */
  readonly atProvider?: true
  /** Of one at a provider: when its owner gave it back, ms. Absent: it is leased. */
  readonly releasedAt?: number
  /** An operator does not wait for its provider to take it back. */
  readonly abandoned?: true
  readonly holder: AddressHolder | null
  /** Machines that may still have it, though they should not. */
  readonly formers: readonly ComputeId[]
  /** It leads nowhere, though it may be linked; absent: up. */
  readonly down?: true
  readonly title: string | null
  readonly summary: string | null
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly createdBy: string
}
/** Of one of the site's own nothing is seen, done or placed. */
export type AddressRecord = Envelope<
  'address',
  AddressId,
  AddressWish,
  AddressSeen | null,
  AddressJournal | null,
  AddressPlace | null
>

/** An address as the wish of its machine has it. */
export interface PublicWish extends AddressTarget {
  readonly address: AddressId
  /** `eipalloc-…` */
  readonly name: string
  readonly ip: string
  readonly pool: PoolId
  /** As its record says. */
  readonly atProvider?: true
  /** As its record says. */
  readonly down?: true
}

/** Whether it is to lead to the machine that it is linked to. */
export const isAddressUp = ({ down }: Pick<AddressWish, 'down'>): boolean => down !== true

/** What an effect of the step `publish` is about: an interface, with the addresses that it is to have from then on. */
export const publishItem = (mac: string, ips: readonly string[]): string =>
  ips.length === 0 ? mac : `${mac} ${ips.join(',')}`

/** The inverse. */
export function parsePublishItem(item: string): { readonly mac: string; readonly ips: readonly string[] } {
  const [mac = '', ips = ''] = item.split(' ')
  return { mac, ips: ips === '' ? [] : ips.split(',') }
}

/** Taken from its machine, which may have it until a look shows that it has not. `remaining`: of those that had it before. */
export const freed = (wish: AddressWish, remaining: readonly ComputeId[] = wish.formers): AddressWish => ({
  ...wish,
  holder: null,
  formers: [...new Set([...remaining, ...(wish.holder ? [wish.holder.compute] : [])])],
})

/** Addresses of a project that asks for nothing else. */
export const DEFAULT_ADDRESS_QUOTA = 50
