/**
 * Networks on hosts behind a guard, for any hypervisor's driver: it opens its GuardedHost with `networkDeeds()` before its own
 * deeds and takes `network.ensure` and `network.remove` from here. Connecting a machine is the hypervisor's.
 */
import type { Driver, Effect, EffectTicket, HostTarget, NetworkOrder } from '../driver'
import type { GuardedHost } from '../guard/guarded-host'
import { bridgeOf, deviceOf } from './names'

export { networkDeeds } from './deeds'
export { bridgeOf } from './names'

export interface Networks {
  readonly network: Pick<Driver['network'], 'ensure' | 'remove'>
  /** The bridge that a machine on this network is connected to, VLAN included. */
  bridgeOf(network: NetworkOrder): string
}

const CALL_MS = 50_000

/** Faults of both: as driver.ts says; 'refused' names the command that makes what the host lacks. */
export function openNetworks({ guarded }: { readonly guarded: GuardedHost }): Networks {
  const effect = async (
    host: HostTarget,
    ticket: EffectTicket,
    deed: string,
    args: readonly string[],
  ): Promise<Effect> => {
    const came = await guarded.effect(host, ticket, deed, args, { deadlineMs: CALL_MS })
    return came.state === 'done' ? { state: 'done', value: null } : came
  }
  return {
    bridgeOf,
    network: {
      ensure: (host, ticket, order) =>
        effect(host, ticket, 'network_ensure', [
          order.name,
          order.bridge,
          order.vlan === null ? '-' : String(order.vlan),
          bridgeOf(order),
          deviceOf(order),
        ]),
      remove: (host, ticket, name) => effect(host, ticket, 'network_remove', [name]),
    },
  }
}
