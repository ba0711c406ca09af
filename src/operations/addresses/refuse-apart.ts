/** An address leads to machines where it is at home alone: one of the site's own to those on its hosts, one of a provider's to those there. */
import { fault } from '../../faults'
import { ipOf } from '../../model/provider-addresses'
import type { AddressRecord, ComputeRecord } from '../../model/records'
import type { Mirror } from '../../store/store'
import { refuseUnpublishedPlace } from './refuse-unpublished'

type Reads = Pick<Mirror, 'all' | 'get'>

/** Before anything changes. Faults: 'unsupported', 'state' for one that its provider has not given yet, and for a machine that leaves it. */
export function refuseApart(mirror: Reads, address: AddressRecord, compute: ComputeRecord): void {
  if (address.wish.atProvider) refuseElsewhere(mirror, address, compute)
  else refuseUnpublishedPlace(mirror, compute)
}

function refuseElsewhere(mirror: Reads, address: AddressRecord, compute: ComputeRecord): void {
  const subject = { kind: 'address', id: address.id }
  const ip = ipOf(address)
  if (ip === '')
    throw fault('state', `the address ${address.wish.name} has not been given by its provider yet`, { subject })
  const { host, hostName, moving } = compute.place
  if (host === address.wish.pool && moving === undefined) return
  // What comes home from there is ended there before it is made anew.
  if (host === address.wish.pool)
    throw fault('state', `${compute.wish.name} is on its way to another host`, { subject })
  const its = mirror.get('host', address.wish.pool)?.wish.zone ?? 'its provider'
  const where = hostName === null ? 'has no place yet' : `runs in ${compute.place.zone ?? 'another zone'}`
  throw fault(
    'unsupported',
    `the address ${ip} is of the provider ${its} and leads to machines there alone: ${compute.wish.name} ${where}`,
    { subject },
  )
}
