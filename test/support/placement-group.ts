/** Placement groups for tests of placement. */
import { NO_EPOCH } from '../../src/model/epoch'
import type { HostId, PlacementGroupId, ProjectId } from '../../src/model/ids'
import { type Demand, type GroupMember, type HostView, viewGroup } from '../../src/model/placement'
import type { PlacementGroupRecord, PlacementRule } from '../../src/model/records'
import { demand, sizeOf } from './host-record'

export const APART: PlacementRule = { keeps: 'apart', over: 'host', strength: 'hard' }
export const TOGETHER: PlacementRule = { keeps: 'together', over: 'host', strength: 'hard' }
export const PARTITIONS: PlacementRule = { keeps: 'partitions', over: 'rack', strength: 'hard', partitions: 2 }

export const groupRecord = (
  name: string,
  rule: PlacementRule,
  { project = 'p', tags = {} }: { readonly project?: string; readonly tags?: Readonly<Record<string, string>> } = {},
): PlacementGroupRecord => ({
  kind: 'placementgroup',
  id: `group-${name}` as PlacementGroupId,
  project: project as ProjectId,
  rev: 1,
  generation: 1,
  epoch: NO_EPOCH,
  wakes: 0,
  phase: 0,
  schema: 1,
  wish: { name, group: `pg-${name}`, rule, tags, createdAt: 0 },
  seen: null,
  journal: null,
  place: null,
})

export const member = (id: string, host: string, partition: number | null = null): GroupMember => ({
  id,
  name: `i-${id}`,
  host: host as HostId,
  partition,
})

/** A machine `i-<id>` of a group that waits; `members`: those that have their place. */
export const grouped = (
  id: string,
  rule: PlacementRule,
  {
    hosts = [],
    members = [],
    partition = null,
    size = sizeOf(1, 1024),
    name = 'front',
    ...parts
  }: {
    readonly hosts?: readonly HostView[]
    readonly members?: readonly GroupMember[]
    readonly partition?: number | null
    readonly size?: Demand['size']
  } & Partial<Demand> = {},
): Demand =>
  demand(id, size, {
    ...parts,
    name: `i-${id}`,
    project: 'p' as ProjectId,
    group: { view: viewGroup(groupRecord(name, rule), members, hosts), partition },
  })
