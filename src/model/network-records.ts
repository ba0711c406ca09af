/**
 * Networks (OCCI network with ipnetwork, EC2 subnet): the operator's, which are for everybody, and those of projects.
 *
 * Who writes what: operations write `wish`. The network's own job writes `seen`: it makes a project's network on a host, to know that
 * it can be made, and removes what hosts have of one that is taken down or deleted (workers/reconcile/network.ts). Wherever a
 * machine goes, its own job makes its networks there.
 */
import type { LeaseRange } from './addresses'
import type { Envelope } from './envelope'
import type { HostId, NetworkId } from './ids'

export interface NetworkWish {
  readonly exists: boolean
  /** The operator's name for it; of a project's network its label, else its EC2 name. */
  readonly name: string
  /** `subnet-…` */
  readonly subnet: string
  readonly title: string
  readonly summary?: string
  /** IPv4 range, e.g. 10.0.0.0/16. */
  readonly cidr: string
  /** '' where it leads nowhere. */
  readonly gateway: string
  /** Part of the range that machines get their addresses from; absent: all of it. */
  readonly range?: LeaseRange
  readonly bridge: string
  readonly vlan: number | null
  /** Its addresses are leased to projects, for their machines to be reached by (address-records.ts); no machine is connected to it. */
  readonly isPublic?: true
  /** Name servers that its machines are told; absent: none. */
  readonly dns?: readonly string[]
  /** OCCI's label, unique in its project. */
  readonly label?: string
  /** Whoever makes an interface says its address; absent: one is leased where none is said. */
  readonly allocation?: 'static'
  /** OCCI's level: hosts may have it, or none has. Absent: up. */
  readonly up?: boolean
  /**
   * Of a project's network: its turn among them. Whoever makes one or changes its range takes the next turn, which only one can have: so
   * two who do that at the same time see each other's range.
   */
  readonly turn?: number
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
}

export interface NetworkSeen {
  readonly state: 'active' | 'inactive'
  /** Of one that is deleted or taken down: hosts that have nothing of it any more. */
  readonly clearedFrom?: readonly HostId[]
  /** Hosts' refusals so far; the last one's words, for operators. */
  readonly refusals?: { readonly count: number; readonly message: string }
  /** Of one that is deleted: nothing is left of it anywhere, and its project's limit counts it no more. */
  readonly gone?: boolean
}

export type NetworkRecord = Envelope<'network', NetworkId, NetworkWish, NetworkSeen, null, null>

export const isUp = ({ wish }: Pick<NetworkRecord, 'wish'>): boolean => wish.up !== false

/** occi.network.state (GFD.224 §3.2): what was seen, and error for one that hosts refuse to make. */
export function occiNetworkState(record: NetworkRecord): 'active' | 'inactive' | 'error' {
  const { seen } = record
  return isUp(record) && seen.state === 'inactive' && seen.refusals !== undefined ? 'error' : seen.state
}

/** Why it is in that state, for its project: no host is named. null: there is nothing to tell. */
export function networkMessage(record: NetworkRecord): string | null {
  const { seen, project } = record
  if (project === null) return null
  if (isUp(record) && seen.state === 'inactive')
    return seen.refusals === undefined ? 'waits for a host to make it on' : 'a host cannot make it; it is tried again'
  return !isUp(record) && seen.state === 'active' ? 'it is being taken off the hosts' : null
}

/** OCCI's actions that apply now; none of the operator's networks. */
export const networkActions = (record: NetworkRecord): readonly ('up' | 'down')[] =>
  record.project === null ? [] : [isUp(record) ? 'down' : 'up']

interface Interfaced<I> {
  readonly wish: { readonly interfaces: readonly I[]; readonly leaving?: readonly I[] }
  readonly seen: { readonly freed?: readonly string[] }
}

/** Interfaces of a machine that were unlinked and still hold what they were leased. */
export const leavingInterfaces = <I extends { readonly name: string }>({ wish, seen }: Interfaced<I>): readonly I[] =>
  (wish.leaving ?? []).filter(({ name }) => !seen.freed?.includes(name))

/** Interfaces that may be connected or hold an address. */
export const heldInterfaces = <I extends { readonly name: string }>(machine: Interfaced<I>): readonly I[] => [
  ...machine.wish.interfaces,
  ...leavingInterfaces(machine),
]

/** Networks that a project may have where its quota does not say. */
export const DEFAULT_NETWORK_QUOTA = 100
