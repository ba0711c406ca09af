import { fault } from '../../../src/faults'
import type { NetworkRecord } from '../../../src/model/records'
import type { Effect, NetworkOrder } from '../../drivers/driver'
import type { Step } from './step'

/** A network as its host needs to know it; its name there is EC2's. */
export const networkOrder = ({ wish }: NetworkRecord): NetworkOrder => ({
  name: wish.subnet,
  bridge: wish.bridge,
  vlan: wish.vlan,
  cidr: wish.cidr,
  gateway: wish.gateway,
})

/**
 * Up: the host has every network that the machine is on. No look shows that, so the journal says whether it was done on
 * this host; asking twice is harmless. Down: no interface of the machine is connected; the network itself stays for others.
 */
export const network: Step = {
  name: 'network',
  lacks: ({ wish, journal, place }, machine) => {
    if (wish.interfaces.length === 0 || machine.id !== null) return undefined
    const { intent } = journal
    if (intent === null || intent.host !== place.host || intent.direction !== 'up') return 'all'
    return intent.step === 'define' || (intent.step === 'network' && intent.outcome === 'done') ? undefined : 'all'
  },
  leaves: (_record, machine) => machine.interfaces[0],
  async up({ driver, host, ticket, record, network: read }) {
    const ids = [...new Set(record.wish.interfaces.map((wanted) => wanted.network))]
    for (const [at, id] of ids.entries()) {
      const found = await read(id)
      if (!found) throw fault('refused', 'its network is not there any more')
      const key = at === 0 ? ticket.key : `${ticket.key}/${at}`
      const effect: Effect = await driver.network.ensure(host, { ...ticket, key }, networkOrder(found))
      if (effect.state === 'running') return effect
    }
    return { state: 'done', value: null }
  },
  down: ({ driver, host, ticket, item }) => driver.network.detach(host, ticket, item),
  after: (machine, direction, _record, item) =>
    direction === 'up' ? machine : { ...machine, interfaces: machine.interfaces.filter((mac) => mac !== item) },
}
