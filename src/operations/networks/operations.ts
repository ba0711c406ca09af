/** What a caller may do with networks of their own (OCCI network, EC2 subnet): part of `Operations`. */
import type { NetworkId } from '../../model/ids'
import type { NetworkRecord } from '../../model/records'
import type { Caller } from '../context'

export interface CreateNetworkOrder {
  readonly title?: string
  readonly summary?: string
  /** Unique in the project. */
  readonly label?: string
  /** IPv4 range; left out: one of 254 addresses that the project has in no other network. */
  readonly cidr?: string
  /** Left out: its machines have no way out. */
  readonly gateway?: string
  readonly allocation?: 'static' | 'dynamic'
  /** One of those that the site gives away, and free; left out: the next one. */
  readonly vlan?: number
  /** The id to take (OCCI PUT to a fresh path). */
  readonly id?: NetworkId
  readonly dryRun?: boolean
}

/** Only what is given changes; null takes it away. */
export interface ChangeNetworkOrder {
  readonly network: NetworkId
  readonly title?: string | null
  readonly summary?: string | null
  readonly label?: string | null
  readonly allocation?: 'static' | 'dynamic'
  /** Of a network that no machine is on. */
  readonly cidr?: string
  /** The same; null: none. */
  readonly gateway?: string | null
  /** Down: off all hosts; only while no machine is on it. */
  readonly up?: boolean
  /** What becomes of an order for a level that it has already: nothing, or it is refused ('state'). */
  readonly sameLevel?: 'refuse'
  readonly dryRun?: boolean
}

export interface NetworkOperations {
  /**
   * 'invalid', 'unsupported' where the site gives no VLANs away, 'forbidden' for a VLAN that is not among those, 'conflict' for a
   * range that overlaps another one of the project's, 'exists' (label, id), 'quota', 'no-capacity' when no VLAN is left.
   */
  createNetwork(caller: Caller, order: CreateNetworkOrder): Promise<NetworkRecord>
  /** The project's own, or one for everybody; deleted ones too. 'not-found'. */
  getNetwork(caller: Caller, id: NetworkId): Promise<NetworkRecord>
  /** 'forbidden' for the operator's; 'in-use' naming machines where they would lose it. */
  changeNetwork(caller: Caller, order: ChangeNetworkOrder): Promise<NetworkRecord>
  /** All or nothing. 'in-use' says by what, 'forbidden' for the operator's. */
  deleteNetworks(
    caller: Caller,
    order: { readonly ids: readonly NetworkId[]; readonly dryRun?: boolean },
  ): Promise<void>
}
