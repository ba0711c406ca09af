/** The caller's public addresses, as requests name them: by allocation, by the address itself, by association. */
import { fault } from '../../faults'
import { parseIpv4 } from '../../model/addresses'
import { isShortName } from '../../model/ids'
import { ipOf } from '../../model/provider-addresses'
import type { AddressView } from '../../operations/addresses/operations'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { pick } from '../filters/pick'

export interface AddressesAsked {
  readonly ids?: readonly string[] | undefined
  readonly ips?: readonly string[] | undefined
}

const checkAllocation = (id: string): void => {
  if (!isShortName('address', id)) throw noAllocation(id)
}

/** EC2 has no other word for what is no allocation id. */
const noAllocation = (id: string) =>
  fault('not-found', `The allocation ID '${shorten(id)}' does not exist`, {
    field: 'AllocationId',
    subject: { kind: 'allocation', id: shorten(id) },
  })

/** Faults: 'malformed'. */
export function checkIp(ip: string, field: string): void {
  if (parseIpv4(ip) === undefined)
    throw fault('malformed', `Invalid IPv4 address: '${shorten(ip)}'`, {
      field,
      subject: { kind: 'address', id: shorten(ip) },
    })
}

/** Those of these allocations and these addresses, or all. Faults: 'malformed', 'not-found' naming all that are not there. */
export async function addressesAsked(
  { ids, ips }: AddressesAsked,
  { operations, caller }: Ec2Context,
): Promise<readonly AddressView[]> {
  for (const id of ids ?? []) checkAllocation(id)
  for (const ip of ips ?? []) checkIp(ip, 'PublicIp')
  const named = pick(await operations.listAddresses(caller), ids, {
    nameOf: ({ record }) => record.wish.name,
    field: 'AllocationId',
    subject: 'allocation',
    says: (missing) => `The allocation ID '${missing}' does not exist`,
  })
  return pick(named, ips, {
    nameOf: ({ record }) => ipOf(record),
    field: 'PublicIp',
    subject: 'address',
    says: (missing) => `Address '${missing}' not found.`,
  })
}

/** The one that an action is about. Faults: 'missing' for neither, 'combination' for both, 'malformed', 'not-found'. */
export async function addressNamed(
  {
    AllocationId: id,
    PublicIp: ip,
  }: { readonly AllocationId?: string | undefined; readonly PublicIp?: string | undefined },
  context: Ec2Context,
): Promise<AddressView> {
  if (id && ip)
    throw fault('combination', 'You may specify a public IP or an allocation ID, but not both in the same call', {
      field: 'PublicIp',
    })
  const [view] = id || ip ? await addressesAsked(id ? { ids: [id] } : { ips: [ip ?? ''] }, context) : []
  if (!view)
    throw fault('missing', 'Either the parameter PublicIp or AllocationId must be specified', { field: 'AllocationId' })
  return view
}

/** The one of this association. Faults: 'not-found'. */
export async function addressAssociated(association: string, { operations, caller }: Ec2Context): Promise<AddressView> {
  const all = await operations.listAddresses(caller)
  const found = all.find(({ record }) => record.wish.holder?.association === association)
  if (found) return found
  throw fault('not-found', `The association ID '${shorten(association)}' does not exist`, {
    field: 'AssociationId',
    subject: { kind: 'association', id: shorten(association) },
  })
}
