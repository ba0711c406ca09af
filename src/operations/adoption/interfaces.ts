/**
 * Interfaces of a domain that is taken over: each keeps its MAC address, is on the network that its bridge carries, and keeps the
 * address that is known of it. Both are taken as those of a new machine are, so that nobody has them twice.
 */
import { fault } from '../../faults'
import { isHostOf, parseCidr, parseIpv4 } from '../../model/addresses'
import type { ForeignInterface, InterfaceWish, NetworkRecord } from '../../model/records'
import type { Context } from '../context'
import { drawName } from '../draw'
import { networkNamed } from '../named'
import type { AdoptOrder } from './operations'

type Asked = Pick<AdoptOrder, 'network' | 'address'>

export interface Connected {
  readonly interfaces: readonly InterfaceWish[]
  readonly networks: readonly NetworkRecord[]
}

/** Faults: 'not-found' (network), 'invalid' naming the field, 'refused' where no network carries its bridge. */
export function connected(context: Context, found: readonly ForeignInterface[], asked: Asked): Connected {
  if (found.length === 0 && (asked.network ?? asked.address) !== undefined)
    throw fault('invalid', 'the domain has no interface', {
      field: asked.network === undefined ? 'address' : 'network',
    })
  const pairs = found.map((one, at) => {
    const network = networkOf(context, one, asked.network)
    // Nothing filters it: it had no security groups, and is not to lose its traffic by being taken over.
    const wish: InterfaceWish = {
      device: `eth${at}`,
      network: network.id,
      mac: one.mac,
      address: addressOf(one, network, at === 0 ? asked.address : undefined),
      name: drawName('networkinterface'),
    }
    return { wish, network }
  })
  return {
    interfaces: pairs.map(({ wish }) => wish),
    networks: [...new Map(pairs.map(({ network }) => [network.id, network])).values()],
  }
}

function networkOf(context: Context, { mac, bridge }: ForeignInterface, asked: string | undefined): NetworkRecord {
  // A pool of public addresses is no network that machines are on.
  const carries = ({ wish }: NetworkRecord): boolean =>
    wish.exists && wish.isPublic !== true && wish.vlan === null && wish.bridge === bridge
  if (asked !== undefined) {
    const network = networkNamed(context, asked)
    if (carries(network)) return network
    throw fault('invalid', `the interface ${mac} is on the bridge ${bridge}, which does not carry ${asked}`, {
      field: 'network',
    })
  }
  const fitting = context.mirror.list('network', null).filter(carries)
  const [network, ...more] = fitting
  if (network === undefined)
    throw fault(
      'refused',
      `no network of this site is on ${bridge}, as the interface ${mac} is; add one (network add)`,
      {
        field: 'network',
      },
    )
  if (more.length === 0) return network
  const names = fitting.map(({ wish }) => wish.name).join(', ')
  throw fault('missing', `several networks are on ${bridge}, say which one: ${names}`, { field: 'network' })
}

function addressOf(
  { mac, address: known }: ForeignInterface,
  { wish }: NetworkRecord,
  asked: string | undefined,
): string | null {
  if (asked === 'none') return null
  const address = asked ?? known
  if (address === null) return null
  const number = parseIpv4(address)
  const block = parseCidr(wish.cidr)
  if (number === undefined) throw fault('invalid', `${address} is no IPv4 address`, { field: 'address' })
  if (block && isHostOf(block, number) && address !== wish.gateway) return address
  const whose = asked === undefined ? `, which the interface ${mac} has; say another one, or none` : ''
  throw fault('invalid', `the network ${wish.name} (${wish.cidr}) gives nobody the address ${address}${whose}`, {
    field: 'address',
  })
}
