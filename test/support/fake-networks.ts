/** Networks of projects and interfaces of machines in memory, by the real operations over a store that is a few maps. */
import { NO_EPOCH } from '../../src/model/epoch'
import type { NetworkId, ProjectId } from '../../src/model/ids'
import type {
  AddressRecord,
  ComputeRecord,
  InterfaceWish,
  NetworkRecord,
  NetworkWish,
  ProjectRecord,
} from '../../src/model/records'
import type { VlanPool } from '../../src/model/vlan-pool'
import { openAddresses } from '../../src/operations/addresses'
import type { AddressOperations } from '../../src/operations/addresses/operations'
import type { Caller, Context } from '../../src/operations/context'
import { created } from '../../src/operations/created'
import { openInterfaces } from '../../src/operations/interfaces'
import type { InterfaceOperations } from '../../src/operations/interfaces/operations'
import { listNetworks } from '../../src/operations/list-offers'
import { openNetworks } from '../../src/operations/networks'
import type { NetworkOperations } from '../../src/operations/networks/operations'
import type { Operations, RunOrder } from '../../src/operations/operations'
import { chooseNetworks } from '../../src/operations/run/choose-networks'
import { namesOf } from '../../src/store/names'
import type { Change, ChangeResult, Take } from '../../src/store/store'
import { at, network as standard } from './fake-offers'
import { fulfilled } from './fulfilled'

export interface FakeNetworks
  extends NetworkOperations,
    InterfaceOperations,
    AddressOperations,
    Pick<Operations, 'listNetworks' | 'network'> {
  /** The site's own and those of projects; tests may change them. */
  readonly networks: Map<string, NetworkRecord>
  /** What this site gives away. */
  readonly addresses: Map<string, AddressRecord>
  readonly vlanPool: { pool: VlanPool }
}

const project = (id: string): ProjectRecord => ({
  ...{ kind: 'project', id: id as ProjectId, project: id as ProjectId, rev: 1, generation: 1, epoch: NO_EPOCH },
  ...{ wakes: 0, phase: 0, schema: 1, seen: null, journal: null, place: null },
  wish: {
    name: 'a-project',
    account: '123456789012',
    quota: { instances: 1, cores: 1, memoryMiB: 1 },
    purging: false,
    createdAt: at,
  },
})

const keyOf = ({ hash, field }: Pick<Take, 'hash' | 'field'>): string => `${hash} ${field}`

export function fakeNetworks(computes: Map<string, ComputeRecord>): FakeNetworks & {
  /** Interfaces of a new machine, connected at once; `nth` of all that were made. */
  interfacesOf(caller: Caller, order: RunOrder, nth: number, like: InterfaceWish): readonly InterfaceWish[]
} {
  const networks = new Map<string, NetworkRecord>([[standard.id, standard]])
  const addresses = new Map<string, AddressRecord>()
  const taken = new Map<string, string>()
  const vlanPool = { pool: [{ bridge: 'br0', first: 2000, last: 2003 }] }
  let cursor = 0

  const put = (record: NetworkRecord, wish: NetworkWish): void => {
    if (!wish.exists) {
      networks.delete(record.id)
      taken.delete(`vlans ${wish.bridge}:${wish.vlan}`)
      return
    }
    const state = wish.up === false ? 'inactive' : 'active'
    networks.set(record.id, {
      ...record,
      rev: record.rev + 1,
      generation: record.generation + 1,
      wish,
      seen: { state },
    })
  }
  const connect = (record: ComputeRecord, wish: ComputeRecord['wish']): void => {
    const { leaving = [], ...kept } = wish
    for (const { network, address, mac } of leaving) {
      taken.delete(`leases:${network} ${address}`)
      taken.delete(`macs ${mac}`)
    }
    const publics = (kept.publics ?? []).map(({ ip, mac }) => ({ ip, mac }))
    const { interfaces } = fulfilled(kept, record.id)
    const machine = record.seen.machine && { ...record.seen.machine, interfaces, publics }
    const next = { ...record, rev: record.rev + 1, generation: record.generation + 1, wish: kept }
    computes.set(record.id, { ...next, seen: { ...record.seen, machine } })
  }
  const change = async (asked: Change): Promise<ChangeResult> => {
    const clash = (asked.takes ?? []).find((take) => (taken.get(keyOf(take)) ?? take.value) !== take.value)
    if (clash) return { state: 'taken', take: clash }
    for (const release of asked.releases ?? []) taken.delete(keyOf(release))
    for (const take of asked.takes ?? []) taken.set(keyOf(take), take.value)
    for (const create of asked.creates ?? [])
      if (create.ref.kind === 'network') put(created('network', create), create.wish as NetworkWish)
    for (const create of asked.creates ?? [])
      if (create.ref.kind === 'address') addresses.set(create.ref.id, created('address', create))
    for (const { ref } of asked.removals ?? []) addresses.delete(ref.id)
    for (const { ref, wish } of asked.updates ?? []) {
      const address = addresses.get(ref.id)
      if (address) addresses.set(ref.id, { ...address, rev: address.rev + 1, wish: wish as AddressRecord['wish'] })
      const [network, compute] = [networks.get(ref.id), computes.get(ref.id)]
      if (network) put(network, wish as NetworkWish)
      if (compute) connect(compute, wish as ComputeRecord['wish'])
    }
    return { state: 'done', answer: asked.answer ?? null }
  }
  const held = (): ReadonlySet<string> =>
    new Set(
      [...computes.values()]
        .filter(({ wish }) => wish.exists)
        .flatMap(({ wish }) => wish.interfaces)
        .flatMap(({ network, address, mac }) => [`leases:${network} ${address}`, `macs ${mac}`]),
    )
  const of: Readonly<Record<string, (id: string) => unknown>> = {
    project,
    compute: (id) => computes.get(id),
    network: (id) => networks.get(id),
    address: (id) => addresses.get(id),
  }
  const all = (kind: string): readonly { readonly project: ProjectId | null }[] =>
    kind === 'address'
      ? [...addresses.values()]
      : kind === 'network'
        ? [...networks.values()]
        : kind === 'compute'
          ? [...computes.values()]
          : []
  const mirror = {
    fresh: async () => undefined,
    revision: () => 0,
    get: (kind: string, id: string) => of[kind]?.(id),
    list: (kind: string, owner: ProjectId | null) => all(kind).filter((one) => one.project === owner),
    all,
    named: (name: string) => [...networks.values()].find((one) => namesOf(one).includes(name)),
  }
  let now = at
  const context = {
    mirror,
    store: {
      change,
      read: async (kind: string, id: string) => mirror.get(kind, id),
      resolve: async (hash: string, fields: readonly string[]) =>
        fields.map(
          (field) => taken.get(keyOf({ hash, field })) ?? (held().has(keyOf({ hash, field })) ? 'held' : undefined),
        ),
      advance: async (_cursor: string, by: number) => {
        cursor += by
        return cursor - by
      },
    },
    queue: { add: async () => undefined },
    clock: { now: () => ++now },
    log: { debug: () => undefined },
    get vlans() {
      return vlanPool.pool
    },
  } as unknown as Context
  return {
    networks,
    addresses,
    vlanPool,
    ...openAddresses(context, context),
    listNetworks: (who) => listNetworks(context, who),
    network: (id: NetworkId) => networks.get(id),
    interfacesOf: (caller, order, nth, like) =>
      chooseNetworks(mirror as never, caller, order.interfaces, order.maxCount).map((chosen, index) => ({
        ...like,
        device: `eth${index}`,
        network: chosen.network.id,
        name: `eni-${(nth + 4096 * index).toString(16).padStart(17, '0')}`,
        mac:
          chosen.mac ??
          `02:00:00:00:${index.toString(16).padStart(2, '0')}:${nth.toString(16).padStart(2, '0').slice(-2)}`,
        address: chosen.address ?? `${chosen.network.wish.cidr.split('.').slice(0, 3).join('.')}.${9 + nth}`,
        ...(chosen.address === undefined ? {} : { allocation: 'static' as const }),
        ...(order.groups === undefined ? {} : { groups: order.groups }),
        ...(order.interfaceTags === undefined ? {} : { tags: order.interfaceTags }),
        ...(chosen.mixins === undefined ? {} : { mixins: chosen.mixins }),
      })),
    ...openNetworks(context, context),
    ...openInterfaces(context),
  }
}
