/**
 * Addresses for new machines. A cursor that only grows says where to look next, so gateways do not try the same ones; the
 * creating script takes each address in `leases:<network>`, so that no two machines ever hold one. The worker that saw a
 * machine gone releases it. MAC addresses are drawn at random and taken in `macs` the same way: a second one of the site is
 * never made, however unlikely it was.
 */
import { fault } from '../../faults'
import { leasable } from '../../model/addresses'
import type { ComputeId } from '../../model/ids'
import type { InterfaceWish, NetworkRecord } from '../../model/records'
import type { Take } from '../../store/store'
import type { Refusal } from '../attempt'
import type { Context } from '../context'
import type { InterfaceChosen } from './choose-networks'

/** The name space of a network's leases, and of its cursor. */
export const leasesOf = (network: NetworkRecord): string => `leases:${network.id}`

/** What takes all that is one interface's alone: its MAC address on the site, and its address in its network. */
export const interfaceTakes = (id: ComputeId, { mac, network, address }: InterfaceWish): readonly Take[] => [
  { hash: 'macs', field: mac, value: `compute:${id}` },
  ...(address === null ? [] : [{ hash: `leases:${network}`, field: address, value: `compute:${id}` }]),
]

const WINDOW = 1024

/** A busy gateway keeps so many addresses for the orders to come; of a small network only few. */
const MOST_AHEAD = 256

/**
 * `count` addresses that are likely free: the next ones of the cursor, unread, unless `careful` (one turned out taken), then
 * only those that nobody holds now. Faults: 'no-capacity' when the network has not so many left.
 */
export async function leaseAddresses(
  context: Context,
  network: NetworkRecord,
  count: number,
  how: 'quick' | 'careful',
): Promise<readonly string[]> {
  const range = leasable(network.wish.cidr, network.wish.gateway, network.wish.range)
  if (!range) throw fault('internal', `network ${network.wish.name} has no usable range`)
  if (range.count < count) throw exhausted(network)
  const cursor = leasesOf(network)
  if (how === 'quick') {
    const start = await context.store.advance(cursor, count, Math.min(MOST_AHEAD, Math.floor(range.count / 64)))
    return Array.from({ length: count }, (_, index) => range.at(start + index))
  }
  const found: string[] = []
  for (let looked = 0; looked < range.count && found.length < count; ) {
    const width = Math.min(WINDOW, range.count - looked)
    const start = await context.store.advance(cursor, width)
    const window = Array.from({ length: width }, (_, index) => range.at(start + index))
    const holders = await context.store.resolve(leasesOf(network), window)
    found.push(...window.filter((_, index) => holders[index] === undefined))
    looked += width
  }
  if (found.length < count) throw exhausted(network)
  return found.slice(0, count)
}

const exhausted = (network: NetworkRecord) =>
  fault('no-capacity', 'the network has not so many free addresses', {
    subject: { kind: 'network', id: network.id },
    reason: 'addresses',
  })

/**
 * The addresses of so many machines: for each a list in the order of their interfaces. One that was asked for is given, unless somebody has
 * it. Faults: 'in-use', 'no-capacity'.
 */
export async function leaseForMachines(
  context: Context,
  interfaces: readonly InterfaceChosen[],
  count: number,
  how: 'quick' | 'careful',
): Promise<readonly (readonly string[])[]> {
  const columns: (readonly string[])[] = []
  for (const { network, address } of interfaces)
    columns.push(address === undefined ? await leaseAddresses(context, network, count, how) : [address])
  await refuseHeld(context, interfaces)
  return Array.from({ length: count }, (_, at) => columns.map((column) => column[at] ?? ''))
}

/** Addresses and MAC addresses that were asked for and that somebody has. Faults: 'in-use'. */
async function refuseHeld({ store }: Context, interfaces: readonly InterfaceChosen[]): Promise<void> {
  for (const { network, address, mac } of interfaces) {
    if (address !== undefined && (await store.resolve(leasesOf(network), [address]))[0] !== undefined)
      throw addressInUse(network, address)
    if (mac !== undefined && (await store.resolve('macs', [mac]))[0] !== undefined) throw macInUse(mac)
  }
}

const addressInUse = ({ id, wish }: NetworkRecord, address: string) =>
  fault('in-use', `the address ${address} of the network ${wish.title || wish.subnet} is in use`, {
    field: 'address',
    subject: { kind: 'network', id },
  })

const macInUse = (mac: string) => fault('in-use', `the MAC address ${mac} is in use`, { field: 'mac' })

/** How to look for addresses after a refusal: one that looked free was taken meanwhile. */
export const leasingAfter = (refusal: Refusal | undefined, before: 'quick' | 'careful'): 'quick' | 'careful' =>
  refusal?.state === 'taken' && refusal.take.hash.startsWith('leases:') ? 'careful' : before
