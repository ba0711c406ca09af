/** Which networks a new machine is on: one interface for each that the order names, or one on the site's first network. */
import { fault } from '../../faults'
import { isLeasable } from '../../model/addresses'
import { MAC } from '../../model/mac'
import { isUp, type NetworkRecord } from '../../model/records'
import type { Mirror } from '../../store/store'
import type { Caller } from '../context'
import type { InterfaceAsked } from '../interfaces/operations'
import { siteDefaults } from '../list-offers'
import { noNetwork, seenNetwork } from '../networks/read'

/** What was asked for, with its network looked up. */
export interface InterfaceChosen extends Omit<InterfaceAsked, 'network'> {
  readonly network: NetworkRecord
}

export const MOST_INTERFACES = 8

type Reads = Pick<Mirror, 'get' | 'list' | 'all' | 'named'>

/**
 * Faults: 'unavailable' on a site without a network, 'too-large', and those of `chosenInterface`. `count`: machines of the order;
 * an address or MAC is one machine's alone ('combination').
 */
export function chooseNetworks(
  mirror: Reads,
  caller: Pick<Caller, 'project'>,
  asked: readonly InterfaceAsked[] | undefined,
  count: number,
): readonly InterfaceChosen[] {
  const wanted = asked === undefined || asked.length === 0 ? [{}] : asked
  if (wanted.length > MOST_INTERFACES)
    throw fault('too-large', `a machine has at most ${MOST_INTERFACES} interfaces`, { field: 'interfaces' })
  const own = wanted.find(({ address, mac }) => address !== undefined || mac !== undefined)
  if (own !== undefined && count > 1)
    throw fault('combination', 'an address or MAC address can be chosen for one machine only', { field: 'address' })
  const chosen = wanted.map((one) => chosenInterface(mirror, caller, one))
  refuseTwice(chosen)
  return chosen
}

function refuseTwice(chosen: readonly InterfaceChosen[]): void {
  const addresses = chosen.flatMap(({ network, address }) =>
    address === undefined ? [] : [`${network.id} ${address}`],
  )
  const macs = chosen.flatMap(({ mac }) => mac?.toLowerCase() ?? [])
  for (const [field, all] of [['address', addresses] as const, ['mac', macs] as const])
    if (new Set(all).size < all.length) throw fault('combination', `two interfaces have the same ${field}`, { field })
}

/**
 * Faults: 'not-found' for another project's network, 'state' for one that is down, 'invalid' for an address that is not in its range or
 * a MAC address that is none, 'missing' where the network gives no addresses by itself.
 */
export function chosenInterface(
  mirror: Reads,
  caller: Pick<Caller, 'project'>,
  { network: id, mac, ...asked }: InterfaceAsked,
): InterfaceChosen {
  const network = id === undefined ? siteDefaults(mirror).network : seenNetwork(mirror, caller, id)
  if (network === undefined) throw fault('unavailable', 'this site has no network yet')
  if (!network.wish.exists) throw noNetwork(network.id)
  if (!isUp(network))
    throw fault('state', `the network ${network.id} is down`, {
      subject: { kind: 'network', id: network.id },
      allowed: ['up'],
    })
  checkAddress(network, asked.address)
  return { ...asked, network, ...(mac === undefined ? {} : { mac: checkedMac(mac) }) }
}

function checkAddress({ id, wish }: NetworkRecord, address: string | undefined): void {
  if (address === undefined && wish.allocation === 'static')
    throw fault('missing', `the network ${id} is static: an interface on it says its address`, { field: 'address' })
  if (address !== undefined && !isLeasable(wish.cidr, wish.gateway, wish.range, address))
    throw fault('invalid', `${address.slice(0, 40)} is no address that a machine may have in ${wish.cidr}`, {
      field: 'address',
    })
}

/** In lower case. One that is for groups (multicast) is none of a machine's. */
function checkedMac(text: string): string {
  const mac = text.toLowerCase()
  const isGood = MAC.test(mac) && (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0 && mac !== '00:00:00:00:00:00'
  if (!isGood) throw fault('invalid', `${text.slice(0, 40)} is no MAC address of a machine`, { field: 'mac' })
  return mac
}
