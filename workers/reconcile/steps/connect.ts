import { fault } from '../../../src/faults'
import type { MachineSighting } from '../../../src/model/machine'
import type { ComputeRecord } from '../../../src/model/records'
import { networkOrder } from './network'
import type { Step } from './step'

/** An interface that is connected and should not be, by its MAC address. */
export const unwantedInterface = ({ wish }: ComputeRecord, machine: MachineSighting): string | undefined =>
  machine.interfaces.find((mac) => !wish.interfaces.some((wanted) => wanted.mac === mac))

/**
 * Up: every interface of a defined machine is connected, hot while it runs; its host makes the network with it. Down: none is; what it
 * was leased is let go when a look shows that (let-go.ts). A machine that is off is defined anew instead, so this finds nothing to do.
 */
export const connect: Step = {
  name: 'connect',
  lacks: ({ wish }, machine) =>
    machine.id === null ? undefined : wish.interfaces.find(({ mac }) => !machine.interfaces.includes(mac))?.mac,
  leaves: (_record, machine) => machine.interfaces[0],
  async up({ driver, host, ticket, record, item, network }) {
    const wanted = record.wish.interfaces.find(({ mac }) => mac === item)
    if (!wanted) throw fault('internal', `no interface ${item} is wanted`)
    const found = await network(wanted.network)
    if (!found) throw fault('refused', 'its network is not there any more')
    const { mac, address } = wanted
    return driver.network.attach(host, ticket, { mac, address, network: networkOrder(found) })
  },
  down: ({ driver, host, ticket, item }) => driver.network.detach(host, ticket, item),
  after: (machine, direction, _record, item) => {
    const others = machine.interfaces.filter((mac) => mac !== item)
    return { ...machine, interfaces: direction === 'up' ? [...others, item] : others }
  },
}
