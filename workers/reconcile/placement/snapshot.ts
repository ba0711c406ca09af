/** What one plan is made of: hosts with what is claimed on them, and the machines that wait, as placement sees them. */
import type { PlacementGroupId } from '../../../src/model/ids'
import { hasTerms } from '../../../src/model/lease'
import { hasGivenUp } from '../../../src/model/lifecycle'
import { type Demand, demandOf, type HostView, inTurn, MOST_WAITING, wantsPlace } from '../../../src/model/placement'
import type { ComputeRecord, HostRecord } from '../../../src/model/records'
import { type StorageRecord, volumesOf } from '../../../src/model/storage'
import type { Work } from '../work'
import { readBursts } from './bursts'
import type { Ground } from './give-way'
import { readGroups, withGroups } from './groups'
import { promises, viewsOf } from './views'

export interface Snapshot {
  readonly hosts: readonly HostView[]
  readonly revisions: ReadonlyMap<string, number>
  readonly machines: readonly ComputeRecord[]
  /** Of each group of theirs, how often somebody came into it. */
  readonly groups: ReadonlyMap<PlacementGroupId, number>
  /** What they ask for, those with the highest priority first, then the oldest. */
  readonly demands: readonly Demand[]
  /** Those of them that are placed as they come: they have no terms. */
  readonly free: readonly Demand[]
  /** Something is promised to a machine on some host. */
  readonly promises: boolean
  /** How long machines of a project may wait, seconds; those that may without end are not in it. */
  readonly timeouts: ReadonlyMap<string, number>
  /** Machines that were given up and are still on the waiting list. */
  readonly givenUp: readonly ComputeRecord[]
  /** What of it concerns those that give way. */
  readonly ground: Ground
}

export async function readSnapshot(work: Work): Promise<Snapshot> {
  const now = work.clock.now()
  const ids = await work.store.waiting(MOST_WAITING)
  const [computes, all] = await Promise.all([work.store.readMany('compute', ids), work.store.kept.hosts()])
  // The same order each time, or the examples among the reasons would change for nothing.
  const hosts = all.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const queued = computes.filter((record) => record !== undefined)
  const machines = queued.filter(wantsPlace)
  const groups = await readGroups(work, machines)
  const held = await work.store.kept.claims(hosts.map((host) => host.id))
  const timeouts = await readTimeouts(work, machines)
  const demands = await readDemands(work, hosts, machines, now)
  const views = await viewsOf(work, { hosts, held, demands, now })
  const turns = inTurn(withGroups(demands, machines, groups, views, held))
  const termed = new Set(machines.flatMap(({ id, wish }) => (wish.lease && hasTerms(wish.lease) ? [id] : [])))
  return {
    hosts: views,
    revisions: new Map(held.map(({ host, revision }) => [host, revision])),
    machines,
    groups: groups.revisions,
    timeouts,
    givenUp: computes.filter((record) => record !== undefined && hasGivenUp(record)) as ComputeRecord[],
    demands: turns,
    free: termed.size === 0 ? turns : turns.filter(({ id }) => !termed.has(id)),
    promises: held.some(promises),
    ground: { hosts, held, views, queued, now },
  }
}

/** What machines that wait ask of hosts, before it is known where others of their groups are. */
export async function readDemands(
  work: Work,
  hosts: readonly HostRecord[],
  machines: readonly ComputeRecord[],
  now: number,
): Promise<readonly Demand[]> {
  const volumes = await readVolumes(work, machines)
  const bursts = await readBursts(work, hosts, machines, now)
  return machines.map((record) => ({
    ...demandOf(record, now, volumes.get(record.id), work.placement),
    ...bursts(record, volumes.get(record.id)),
  }))
}

async function readTimeouts(work: Work, machines: readonly ComputeRecord[]): Promise<ReadonlyMap<string, number>> {
  const ids = [...new Set(machines.flatMap(({ project }) => project ?? []))]
  const projects = ids.length === 0 ? [] : await work.store.readMany('project', ids)
  return new Map(
    projects.flatMap((project) =>
      project?.wish.pendingTimeout === undefined ? [] : [[project.id as string, project.wish.pendingTimeout]],
    ),
  )
}

/** One read for all, and none where nobody has a volume. */
async function readVolumes(
  work: Work,
  machines: readonly ComputeRecord[],
): Promise<ReadonlyMap<string, readonly StorageRecord[]>> {
  const holders = machines.filter((record) => volumesOf(record).length > 0)
  const ids = holders.flatMap((record) => volumesOf(record).map((volume) => volume.storage))
  if (ids.length === 0) return new Map()
  const found = (await work.store.readMany('storage', ids)).filter((volume) => volume !== undefined)
  const byId = new Map<string, StorageRecord>(found.map((volume) => [volume.id, volume]))
  return new Map(
    holders.map((record) => [record.id, volumesOf(record).flatMap((volume) => byId.get(volume.storage) ?? [])]),
  )
}
