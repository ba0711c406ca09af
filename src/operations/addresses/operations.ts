/** What a caller may do with public addresses (EC2 Elastic IP addresses, OCCI ipreservation). Part of `Operations`. */
import type { AddressId, ComputeId } from '../../model/ids'
import type { AddressState } from '../../model/public-addresses'
import type { AddressRecord, HostRecord, NetworkRecord, PoolId } from '../../model/records'
import type { Caller, Operator } from '../context'

export interface AllocateOrder {
  /** The public network or provider to lease from; left out: the first public network that has a free address. */
  readonly pool?: PoolId
  /** This very address, if nobody has it; of a provider none can be chosen. */
  readonly ip?: string
  readonly title?: string
  readonly summary?: string
  readonly tags?: Readonly<Record<string, string>>
  /** The id to take (OCCI PUT to a fresh path). */
  readonly id?: AddressId
  readonly dryRun?: boolean
}

export interface AssociateOrder {
  readonly address: AddressId
  readonly compute: ComputeId
  /** `eni-…`; left out: its first interface. */
  readonly interface?: string
  /** Must be that interface's, where it is said. */
  readonly privateAddress?: string
  /** What becomes of an association that the address or the interface has: it ends, or the order is refused. */
  readonly former: 'ends' | 'stays'
  readonly dryRun?: boolean
}

export interface ChangeAddressOrder {
  readonly address: AddressId
  readonly title?: string | null
  readonly summary?: string | null
  readonly dryRun?: boolean
}

export interface LevelOrder {
  readonly address: AddressId
  /** Up: it leads to the machine that it is linked to. Down: it leads nowhere. */
  readonly up: boolean
}

/** An address as it stands. */
export interface AddressView {
  readonly record: AddressRecord
  readonly state: AddressState
  /** Why it does not lead to its machine yet, for its owner; null: there is nothing to tell. */
  readonly message: string | null
  /** Its public network; undefined where that is gone, and of one at a provider. */
  readonly pool: NetworkRecord | undefined
  /** The provider that it is leased of; absent: it is one of the site's own. */
  readonly provider?: HostRecord
}

export interface ProviderPoolView {
  readonly provider: HostRecord
  readonly total: number
  readonly leased: number
}

export interface PoolView {
  readonly network: NetworkRecord
  readonly total: number
  readonly leased: number
}

export interface AddressOperations {
  /**
   * 'unsupported' on a site without public addresses, 'no-capacity' when all are leased, 'quota', 'in-use' (`ip`), 'not-found' (pool, `ip`).
   * Of a provider it waits at most 10 s for what the provider says: 'no-capacity' with its reason, 'unavailable' without an answer; then it is given back.
   */
  allocateAddress(caller: Caller, order: AllocateOrder): Promise<AddressView>
  /** In order of creation. */
  listAddresses(caller: Caller): Promise<readonly AddressView[]>
  /** 'not-found' when it is not there or another project's. */
  getAddress(caller: Caller, id: AddressId): Promise<AddressView>
  /** The same again is success. 'in-use' with `former: stays`, 'state', 'unsupported' where its host publishes no addresses. */
  associateAddress(caller: Caller, order: AssociateOrder): Promise<AddressView>
  /** One that leads nowhere already is success. `association`: that one and no newer one; 'not-found' when it is over. */
  disassociateAddress(
    caller: Caller,
    order: { readonly address: AddressId; readonly association?: string; readonly dryRun?: boolean },
  ): Promise<AddressView>
  /** Waits at most 5 s for its last machine to let go of it. 'in-use' naming the machine. */
  releaseAddress(caller: Caller, order: { readonly address: AddressId; readonly dryRun?: boolean }): Promise<void>
  /** 'state' for one that has that level already. */
  levelAddress(caller: Caller, order: LevelOrder): Promise<AddressView>
  changeAddress(caller: Caller, order: ChangeAddressOrder): Promise<AddressView>
  /** Public networks as this gateway knows them, in order of creation. */
  publicNetworks(): readonly NetworkRecord[]
  /** Public networks with how many of their addresses are leased, in order of creation. */
  listPools(who: Caller | Operator): Promise<readonly PoolView[]>
  /** Providers of which addresses may be leased, in order of creation. */
  listProviderPools(who: Caller | Operator): Promise<readonly ProviderPoolView[]>
  /** As this gateway knows them, in order of creation. */
  providerPools(): readonly HostRecord[]
  /** All projects' (operators). */
  listAllAddresses(operator: Operator): Promise<readonly AddressView[]>
  /** Whosever it is, by UUID, EC2 name or the address itself. 'not-found'. */
  findAddress(operator: Operator, word: string): Promise<AddressView>
  /** Forgets one that its provider does not take back. 'not-found', 'state' for one that somebody has. */
  giveUpAddress(operator: Operator, word: string): Promise<AddressView>
}
