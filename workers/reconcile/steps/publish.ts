import type { MachineSighting, PublicSighting } from '../../../src/model/machine'
import { publicsOf } from '../../../src/model/public-addresses'
import { type ComputeRecord, parsePublishItem, publishItem } from '../../../src/model/records'
import type { PublicOrder } from '../../drivers/driver'
import { networkOrder } from './network'
import type { Step, StepCall } from './step'

/** A provider does not know our interfaces: its machines have one. */
const publicsSeen = ({ wish }: ComputeRecord, { publics = [], whole }: MachineSighting): readonly PublicSighting[] =>
  whole ? publics.map(({ ip }) => ({ ip, mac: wish.interfaces[0]?.mac ?? '' })) : publics

const ipsOn = (record: ComputeRecord, machine: MachineSighting, mac: string): readonly string[] =>
  publicsSeen(record, machine)
    .filter((one) => one.mac === mac)
    .map(({ ip }) => ip)

const wantedOn = (record: ComputeRecord, mac: string): readonly string[] =>
  publicsOf(record)
    .filter((one) => one.mac === mac)
    .map(({ ip }) => ip)

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((ip) => b.includes(ip))

/** The first interface that has an address which it should not have. */
const withUnwanted = (record: ComputeRecord, machine: MachineSighting): string | undefined =>
  publicsSeen(record, machine).find(({ mac, ip }) => !wantedOn(record, mac).includes(ip))?.mac

/**
 * Up: its host has the machine's public addresses lead to its interfaces, those of an interface replaced whole; what is taken away
 * goes before anything is added, for another interface may be about to have it. The record's wish names only addresses that are
 * free of their former holders (addresses.ts). Down: none leads to it.
 */
export const publish: Step = {
  name: 'publish',
  lacks(record, machine) {
    if (machine.id === null) return undefined
    const mac =
      withUnwanted(record, machine) ??
      record.wish.interfaces.find((one) => !isSame(wantedOn(record, one.mac), ipsOn(record, machine, one.mac)))?.mac
    return mac === undefined ? undefined : publishItem(mac, wantedOn(record, mac))
  },
  leaves: (record, machine) => publicsSeen(record, machine)[0]?.mac,
  async up(call) {
    const { mac, ips } = parsePublishItem(call.item)
    return call.driver.network.publish(call.host, call.ticket, mac, await ordersOf(call, mac, ips))
  },
  down: ({ driver, host, ticket, item }) => driver.network.publish(host, ticket, item, []),
  after(machine, _direction, record, item) {
    const { mac, ips } = parsePublishItem(item)
    const others = publicsSeen(record, machine).filter((one) => one.mac !== mac)
    const all = [...others, ...ips.map((ip) => ({ ip, mac }))]
    // As a look would tell it.
    return { ...machine, publics: machine.whole ? all.map(({ ip }) => ({ ip, mac: '' })) : all }
  },
}

/** An address whose public network is gone leads nowhere. */
async function ordersOf(
  { record, network: read }: StepCall,
  mac: string,
  ips: readonly string[],
): Promise<readonly PublicOrder[]> {
  const wanted = publicsOf(record).filter((one) => one.mac === mac && ips.includes(one.ip))
  const orders = await Promise.all(
    wanted.map(async ({ ip, privateAddress, pool, atProvider }) => {
      if (atProvider) return [{ ip, privateAddress }]
      const network = await read(pool)
      return network ? [{ ip, privateAddress, network: networkOrder(network) }] : []
    }),
  )
  return orders.flat()
}
