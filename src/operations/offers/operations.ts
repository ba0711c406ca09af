/** What a site offers, as its operators make and remove it: part of `Operations`. */
import type { LeaseRange } from '../../model/addresses'
import type { PlacementWish } from '../../model/placement'
import type { NetworkRecord, TypeRecord } from '../../model/records'
import type { Operator } from '../context'

export interface TypeOrder {
  /** `m1.small` */
  readonly name: string
  readonly cores: number
  /** What of its cores it has for itself, also when everybody wants theirs; 100 when it is not said. */
  readonly cpuPercent?: number
  readonly memoryMiB: number
  /** The least that a root disk has, GiB; 0: what its image needs. */
  readonly diskGiB?: number
  readonly title?: string
  /** Where its machines are to be, as far as they do not say it. */
  readonly placement?: PlacementWish
}

export interface NetworkOrder {
  readonly name: string
  readonly title?: string
  /** 10.0.0.0/16 */
  readonly cidr: string
  /** Left out: its machines have no way out. */
  readonly gateway?: string
  /** Of every host, made by its operator. With a VLAN: the bridge whose uplink carries it. */
  readonly bridge: string
  /** 802.1Q, 1..4094; left out: untagged. */
  readonly vlan?: number
  /** At most three, which is what a guest's resolver asks. */
  readonly dns?: readonly string[]
  readonly range?: LeaseRange
  /** Its addresses are leased to projects, and no machine is connected to it. */
  readonly isPublic?: boolean
}

/** A network with how many machines have an interface there, and how many of its addresses are leased to projects. */
export type NetworkWithUse = NetworkRecord & { readonly machines: number; readonly leased: number }
export type TypeWithUse = TypeRecord & { readonly machines: number }

export interface OfferOperations {
  /** 'invalid' naming the field, 'exists'. */
  addType(operator: Operator, order: TypeOrder): Promise<TypeRecord>
  showType(operator: Operator, name: string): Promise<TypeWithUse>
  /** 'in-use' while machines are of that type. */
  removeType(operator: Operator, name: string): Promise<void>
  /** A network for everybody. 'invalid' naming the field, 'exists', 'conflict' with another one on the same wire. */
  addNetwork(operator: Operator, order: NetworkOrder): Promise<NetworkRecord>
  /** Addresses of it that no machine has, as far as this gateway has heard: without a round trip. */
  freeAddresses(network: NetworkRecord): number
  showNetwork(operator: Operator, name: string): Promise<NetworkWithUse>
  /** 'in-use' while machines have an interface there. What hosts have of it goes before the record does. */
  removeNetwork(operator: Operator, name: string): Promise<void>
}
