/** Networks and interfaces of a test site: operations as a gateway runs them, over the store that the workers use, and what must hold at rest. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { realClock } from '../../src/clock'
import { openImageStore } from '../../src/images'
import type { NetworkId } from '../../src/model/ids'
import { heldInterfaces } from '../../src/model/records'
import type { Context } from '../../src/operations/context'
import { deleteComputes } from '../../src/operations/delete-computes'
import { openInterfaces } from '../../src/operations/interfaces'
import type { InterfaceOperations } from '../../src/operations/interfaces/operations'
import { openNetworks } from '../../src/operations/networks'
import type { NetworkOperations } from '../../src/operations/networks/operations'
import { openMirror } from '../../src/store/mirror'
import type { Site } from './site'
import { caller } from './volumes'

export { caller }

export interface Nets {
  readonly operations: NetworkOperations & InterfaceOperations
  /** Names of the hosts that have a network. */
  having(subnet: string): Promise<readonly string[]>
  terminate(id: string): Promise<void>
  /** What is wrong with the interfaces of a site at rest: those of a network of a project's, `addresses` those ever leased there. */
  wrongs(network: NetworkId, addresses: readonly string[]): Promise<readonly string[]>
  close(): Promise<void>
}

export async function openNets(site: Site): Promise<Nets> {
  const mirror = await openMirror({ site: site.name, redis: site.redis.address })
  const context: Context = {
    site: site.name,
    store: site.store,
    mirror,
    queue: { add: async () => undefined },
    clock: realClock,
    images: openImageStore({ images: join(site.simulator.folder, 'images') }),
    ring: { keys: [{ id: 'k', key: randomBytes(32) }] },
    log: site.log,
    vlans: [{ bridge: 'br0', first: 100, last: 109 }],
  }
  return {
    operations: { ...openNetworks(context, context), ...openInterfaces(context) },
    async having(subnet) {
      const { hosts } = await site.simulator.admin.snapshot()
      return hosts.flatMap((host) => (host.networks.some(({ name }) => name === subnet) ? [host.name] : []))
    },
    async terminate(id) {
      await deleteComputes(context, caller, { ids: [id as never] })
    },
    wrongs: (network, addresses) => interfaceWrongs(site, network, addresses),
    close: () => mirror.close(),
  }
}

/** Each machine is connected to exactly what its owner wants, and exactly what is connected is leased. */
async function interfaceWrongs(
  site: Site,
  network: NetworkId,
  addresses: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = []
  const computes = await site.store.readAll('compute')
  const living = computes.filter(({ wish }) => wish.exists)
  for (const { wish } of living) {
    const wanted = wish.interfaces.map(({ mac }) => mac).sort()
    const [on] = await site.found(wish.name)
    const there = [...(on?.sighting.interfaces ?? [])].sort()
    if (JSON.stringify(there) !== JSON.stringify(wanted)) found.push(`${wish.name} has ${there}, wanted ${wanted}`)
  }
  const leased = new Map(
    living
      .flatMap((record) => heldInterfaces(record).map((one) => ({ ...one, of: `compute:${record.id}` })))
      .filter((one) => one.network === network)
      .map(({ address, of }) => [address, of] as const),
  )
  const holders = await site.store.resolve(`leases:${network}`, addresses)
  for (const [at, address] of addresses.entries())
    if (holders[at] !== leased.get(address))
      found.push(`${address} is leased by ${holders[at]}, not ${leased.get(address)}`)
  for (const record of living)
    if (heldInterfaces(record).length !== record.wish.interfaces.length)
      found.push(`${record.wish.name} has not let go`)
  return found
}
