/** Public addresses of a test site: a pool, operations as a gateway runs them, and what must hold of addresses at any moment and at rest. */
import { randomUUID } from 'node:crypto'
import type { NetworkId } from '../../src/model/ids'
import { publicsOf } from '../../src/model/public-addresses'
import type { AddressRecord } from '../../src/model/records'
import { openAddresses } from '../../src/operations/addresses'
import type { AddressOperations, AddressView } from '../../src/operations/addresses/operations'
import { NOBODY } from '../../src/store/store'
import type { Site } from './site'
import { caller, type Volumes } from './volumes'

export const POOL = 'dddddddd-0000-4000-8000-000000000009' as NetworkId

export const POOL_WISH = {
  ...{ exists: true, name: 'public', subnet: 'subnet-00000000000000009', title: 'public', isPublic: true },
  ...{ cidr: '203.0.113.0/28', gateway: '203.0.113.1', bridge: 'br0', vlan: null, tags: {}, createdAt: 1 },
} as const

export interface Addresses {
  readonly operations: AddressOperations
  allocate(): Promise<AddressView>
  associate(address: AddressView, compute: string): Promise<AddressView>
  record(address: AddressView): Promise<AddressRecord | undefined>
  /** Host and machine of each interface to which an address leads, now. */
  leadsTo(ip: string): Promise<readonly string[]>
  /** Addresses that lead to two machines: never. */
  doubled(): Promise<readonly string[]>
  /** What is wrong with the addresses of a site at rest. */
  wrongs(): Promise<readonly string[]>
}

export async function openSiteAddresses(site: Site, { context }: Volumes): Promise<Addresses> {
  const create = {
    ...{ ref: { kind: 'network', id: POOL } as const, project: null, wish: POOL_WISH, seen: { state: 'active' } },
    ...{ journal: null, place: null, wake: false },
  }
  await site.store.change({ operationId: randomUUID(), actor: NOBODY, what: 'pool', creates: [create] }, 1)
  const operations = openAddresses(context, context)
  const published = async () => {
    const { hosts } = await site.simulator.admin.snapshot()
    return hosts.flatMap((host) =>
      Object.entries(host.resources).flatMap(([machine, { sighting }]) =>
        (sighting.publics ?? []).map(({ ip, mac }) => ({ ip, mac, at: `${host.name} ${machine}` })),
      ),
    )
  }
  return {
    operations,
    allocate: () => operations.allocateAddress(caller, {}),
    associate: ({ record }, compute) =>
      operations.associateAddress(caller, { address: record.id, compute: compute as never, former: 'ends' }),
    record: ({ record }) => site.store.read('address', record.id),
    leadsTo: async (ip) => (await published()).filter((one) => one.ip === ip).map(({ at }) => at),
    async doubled() {
      const all = (await published()).map(({ ip }) => ip)
      return all.filter((ip, at) => all.indexOf(ip) !== at)
    },
    async wrongs() {
      const computes = await site.store.readAll('compute')
      const records = await site.store.readAll('address')
      const wished = computes.flatMap((compute) =>
        compute.wish.exists
          ? publicsOf(compute).map(({ ip, mac, down }) => ({ what: `${ip} ${mac} ${compute.wish.name}`, down }))
          : [],
      )
      const linked = wished.map(({ what }) => what)
      const wanted = wished.filter(({ down }) => !down).map(({ what }) => what)
      const held = records.flatMap(({ wish: { ip, holder } }) =>
        holder === null ? [] : [`${ip} ${holder.mac} ${holder.computeName}`],
      )
      const there = (await published()).map(({ ip, mac, at }) => `${ip} ${mac} ${at.split(' ')[1]}`)
      const counted = (await site.store.counters(caller.project)).addresses ?? 0
      return [
        ...differences('held and wished', held, linked),
        ...differences('wished and published', wanted, there),
        ...(counted === records.length ? [] : [`${counted} addresses are counted, ${records.length} are there`]),
      ]
    },
  }
}

const differences = (what: string, some: readonly string[], others: readonly string[]): readonly string[] =>
  JSON.stringify([...some].sort()) === JSON.stringify([...others].sort())
    ? []
    : [`${what} differ: ${[...some].sort().join(', ')} / ${[...others].sort().join(', ')}`]
