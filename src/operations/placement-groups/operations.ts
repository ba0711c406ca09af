/** What a caller may do with placement groups: part of `Operations`. */
import type { Hosting } from '../../model/hosting'
import type { ComputeId, HostId, PlacementGroupId } from '../../model/ids'
import type { ComputeRecord, PlacementGroupRecord, PlacementRule } from '../../model/records'
import type { Caller, Operator } from '../context'

/** As an order for machines names a group; the partition with the fewest machines where none is said. */
export interface GroupAsked {
  readonly id: PlacementGroupId
  readonly partition?: number
}

/** What an order says of the host itself. */
export interface HostedOrder {
  /** No machine of another project beside it; the host by its id; absent: nothing. */
  readonly hosting?: Hosting
}

/** A group with where its machines are. */
export interface PlacedGroup {
  readonly record: PlacementGroupRecord
  readonly members: readonly {
    readonly name: string
    /** null: it has no place yet. */
    readonly host: string | null
    readonly partition: number | null
    /** What it waits for; null: it has its place. */
    readonly waits: string | null
  }[]
}

export interface OperatorsGroups {
  /** All projects'. */
  listAllPlacementGroups(operator: Operator): Promise<readonly PlacedGroup[]>
  /** Faults: 'not-found' (project), those of createPlacementGroup. */
  createPlacementGroupFor(
    operator: Operator,
    project: string,
    order: Parameters<PlacementGroupOperations['createPlacementGroup']>[1],
  ): Promise<PlacedGroup>
  /** By UUID or `pg-…`. Faults: 'not-found', 'in-use'. */
  deletePlacementGroupFor(operator: Operator, name: string): Promise<void>
}

export interface PlacementGroupOperations {
  /** The host that a tenant names by `h-…`. Faults: 'unsupported' where the site lets no tenant name one, 'not-found'. */
  hostNamed(name: string): HostId
  /** In order of creation. */
  listPlacementGroups(caller: Caller): Promise<readonly PlacementGroupRecord[]>
  /** Without a round trip, for renderings; undefined: the machine is in none. */
  placementGroupOf(record: ComputeRecord): PlacementGroupRecord | undefined
  /** 'exists' for a taken name or id, 'invalid', 'quota'. */
  createPlacementGroup(
    caller: Caller,
    order: {
      /** The id to take (OCCI PUT to a fresh path). */
      readonly id?: PlacementGroupId
      readonly name: string
      readonly rule: PlacementRule
      readonly tags?: Readonly<Record<string, string>>
      readonly dryRun?: boolean
    },
  ): Promise<PlacementGroupRecord>
  /** 'in-use' while machines are in it. */
  deletePlacementGroup(
    caller: Caller,
    order: { readonly id: PlacementGroupId; readonly dryRun?: boolean },
  ): Promise<void>
  /**
   * The group of a machine that is off becomes another one, or none (null). It stays where it is: 'no-capacity' where the rule does
   * not allow that. 'state' while it is not off.
   */
  setPlacementGroup(
    caller: Caller,
    order: { readonly id: ComputeId; readonly group: GroupAsked | null; readonly dryRun?: boolean },
  ): Promise<ComputeRecord>
}
