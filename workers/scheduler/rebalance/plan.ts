/** What a plan of moves is made of, and what it says. */
import type { ComputeId, HostId } from '../../../src/model/ids'
import type { Demand } from '../../../src/model/placement'
import type { GroupMembership } from '../../../src/model/records'

export interface Seated {
  readonly demand: Demand
  readonly host: HostId
  /** How it would be moved; null: not at all, it only takes room. */
  readonly how: 'live' | 'cold' | null
  /** The placement group that it is in; absent: none. */
  readonly group?: GroupMembership
}

export interface RebalanceOrder {
  readonly goal: 'balance' | 'pack'
  /** Moves, at most. */
  readonly budget: number
  /** MiB of memory that go over in a second. */
  readonly bandwidth: number
}

export interface PlannedMove {
  readonly machine: ComputeId
  readonly from: HostId
  readonly to: HostId
  readonly how: 'live' | 'cold'
  /** Memory ÷ bandwidth; 0 for what is off. */
  readonly seconds: number
  /** Of balance: by how much the larger load of the two hosts falls, 0..1. Of pack: the share of a host that it empties. */
  readonly gain: number
}

export interface Loads {
  /** The largest share of its CPU or memory that a host has given away, 0..1. */
  readonly largest: number
  /** Hosts with machines. */
  readonly used: number
}

export interface RebalancePlan {
  readonly moves: readonly PlannedMove[]
  readonly before: Loads
  readonly after: Loads
}
