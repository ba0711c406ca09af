/**
 * Public addresses: leased to a project from a public network, associated with one interface of one machine (EC2 Elastic IP address,
 * OCCI ipreservation). One record for both fronts.
 *
 * Who writes what: operations write `wish` (holder included) together with the wishes of the machines that it names, in one
 * script. Its host publishes an address in the machine's own job, under the machine's claim, so whether an address leads to a
 * machine is read from the machine (`mayPublish`), never kept twice. No back end has anything of an address itself: it has no job.
 *
 * Never at two machines: whoever is to have it next publishes it only once every former one was seen without it. The last holder
 * is one of the former until a look after its loss was written, whatever the gateway that took it away could see of it.
 */
import type { Envelope } from './envelope'
import type { AddressId, ComputeId, NetworkId } from './ids'
import type { ComputeRecord } from './records'

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
  /** IPv4. */
  readonly ip: string
  /** The public network that it is leased from. */
  readonly pool: NetworkId
  readonly holder: AddressHolder | null
  /** Machines that may still have it, though they should not. */
  readonly formers: readonly ComputeId[]
  readonly title: string | null
  readonly summary: string | null
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly createdBy: string
}
export type AddressRecord = Envelope<'address', AddressId, AddressWish, null, null, null>

/** An address as the wish of its machine has it. */
export interface PublicWish extends AddressTarget {
  readonly address: AddressId
  /** `eipalloc-…` */
  readonly name: string
  readonly ip: string
  readonly pool: NetworkId
}

export const publicsOf = ({ wish }: Pick<ComputeRecord, 'wish'>): readonly PublicWish[] => wish.publics ?? []

/** What an effect of the step `publish` is about: an interface, with the addresses that it is to have from then on. */
export const publishItem = (mac: string, ips: readonly string[]): string =>
  ips.length === 0 ? mac : `${mac} ${ips.join(',')}`

/** The inverse. */
export function parsePublishItem(item: string): { readonly mac: string; readonly ips: readonly string[] } {
  const [mac = '', ips = ''] = item.split(' ')
  return { mac, ips: ips === '' ? [] : ips.split(',') }
}

/** Whether its host was seen to publish the address for the machine. */
export const isPublished = ({ seen }: Pick<ComputeRecord, 'seen'>, ip: string): boolean =>
  seen.machine?.publics?.some((one) => one.ip === ip) ?? false

/** Whether a machine has, or may have, the address: one that was announced and whose outcome nobody knows may be there. */
export function mayPublish(compute: ComputeRecord | undefined, ip: string): boolean {
  if (compute === undefined || compute.seen.goneAt !== null) return false
  const { intent } = compute.journal
  const isTried =
    intent?.step === 'publish' &&
    (intent.outcome === 'open' || intent.outcome === 'running') &&
    parsePublishItem(intent.item).ips.includes(ip)
  return isTried || isPublished(compute, ip)
}

/** Those of the former holders that may still have it. `find` gives the machines. */
export const remainingFormers = (
  { ip, formers }: Pick<AddressWish, 'ip' | 'formers'>,
  find: (id: ComputeId) => ComputeRecord | undefined,
): readonly ComputeId[] => formers.filter((id) => mayPublish(find(id), ip))

/** Taken from its machine, which may have it until a look shows that it has not. `remaining`: of those that had it before. */
export const freed = (wish: AddressWish, remaining: readonly ComputeId[] = wish.formers): AddressWish => ({
  ...wish,
  holder: null,
  formers: [...new Set([...remaining, ...(wish.holder ? [wish.holder.compute] : [])])],
})

export type AddressState = 'free' | 'associating' | 'associated' | 'disassociating'

/** An address as it stands: a pure view of its record and of the machines that it names. */
export function addressState(
  { wish }: AddressRecord,
  find: (id: ComputeId) => ComputeRecord | undefined,
): AddressState {
  const { holder, ip } = wish
  if (holder === null) return remainingFormers(wish, find).length > 0 ? 'disassociating' : 'free'
  const compute = find(holder.compute)
  return compute !== undefined && isPublished(compute, ip) ? 'associated' : 'associating'
}

/** Addresses of a project that asks for nothing else. */
export const DEFAULT_ADDRESS_QUOTA = 50
