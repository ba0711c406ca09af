import type { MachineSighting } from '../../../src/model/machine'
import { publicsOf } from '../../../src/model/public-addresses'
import { type ComputeRecord, parsePublishItem, publishItem } from '../../../src/model/records'
import type { PublicOrder } from '../../drivers/driver'
import { networkOrder } from './network'
import type { Step, StepCall } from './step'

const ipsOn = (machine: MachineSighting, mac: string): readonly string[] =>
  (machine.publics ?? []).filter((one) => one.mac === mac).map(({ ip }) => ip)

const wantedOn = (record: ComputeRecord, mac: string): readonly string[] =>
  publicsOf(record)
    .filter((one) => one.mac === mac)
    .map(({ ip }) => ip)

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((ip) => b.includes(ip))

/** The first interface that has an address which it should not have. */
const withUnwanted = (record: ComputeRecord, machine: MachineSighting): string | undefined =>
  (machine.publics ?? []).find(({ mac, ip }) => !wantedOn(record, mac).includes(ip))?.mac

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
      record.wish.interfaces.find((one) => !isSame(wantedOn(record, one.mac), ipsOn(machine, one.mac)))?.mac
    return mac === undefined ? undefined : publishItem(mac, wantedOn(record, mac))
  },
  leaves: (_record, machine) => machine.publics?.[0]?.mac,
  async up(call) {
    const { mac, ips } = parsePublishItem(call.item)
    return call.driver.network.publish(call.host, call.ticket, mac, await ordersOf(call, mac, ips))
  },
  down: ({ driver, host, ticket, item }) => driver.network.publish(host, ticket, item, []),
  after(machine, _direction, _record, item) {
    const { mac, ips } = parsePublishItem(item)
    const others = (machine.publics ?? []).filter((one) => one.mac !== mac)
    return { ...machine, publics: [...others, ...ips.map((ip) => ({ ip, mac }))] }
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
    wanted.map(async ({ ip, privateAddress, pool }) => {
      const network = await read(pool)
      return network ? [{ ip, privateAddress, network: networkOrder(network) }] : []
    }),
  )
  return orders.flat()
}
