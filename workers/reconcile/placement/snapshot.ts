/** What one plan is made of: hosts with what is claimed on them, and the machines that wait, as placement sees them. */
import type { PlacementGroupId } from '../../../src/model/ids'
import { hasTerms } from '../../../src/model/lease'
import { hasGivenUp } from '../../../src/model/lifecycle'
import {
  type Demand,
  demandOf,
  type HostClaim,
  type HostView,
  hostViews,
  inTurn,
  isMachineList,
  isMeasured,
  MOST_WAITING,
  measuredIn,
  namesAsked,
  parseClaim,
  wantsPlace,
} from '../../../src/model/placement'
import type { ComputeRecord, HostRecord } from '../../../src/model/records'
import { type StorageRecord, volumesOf } from '../../../src/model/storage'
import type { HostClaims } from '../../../src/store/store'
import type { Work } from '../work'
import { readBursts } from './bursts'
import type { Ground } from './give-way'
import { readGroups, withGroups } from './groups'

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
    promises: held.some((one) => parsedOf(one).promises),
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

interface Read {
  readonly hosts: readonly HostRecord[]
  readonly held: readonly HostClaims[]
  readonly demands: readonly Demand[]
  readonly now: number
}

/** What expressions ask of hosts beside their records is read only where one asks for it. */
export async function viewsOf(work: Work, { hosts, held, demands, now }: Read): Promise<readonly HostView[]> {
  const names = namesAsked(demands)
  const [measured, instances] = await Promise.all([
    [...names].some(isMeasured) ? readMeasured(work, hosts) : [],
    [...names].some(isMachineList) ? readInstances(work, held) : new Map<string, readonly Instance[]>(),
  ])
  const byHost = new Map(held.map((claims) => [claims.host, claims]))
  return hostViews(
    hosts.map((record, at) => ({
      record,
      claims: claimsOf(byHost.get(record.id)),
      measured: measured[at] ?? null,
      instances: instances.get(record.id) ?? [],
    })),
    now,
  )
}

type Instance = NonNullable<HostView['traits']>['instances'][number]
type Measured = NonNullable<HostView['traits']>['measured']

async function readMeasured(work: Work, hosts: readonly HostRecord[]): Promise<readonly Measured[]> {
  const windows = await work.store.readUsage(
    hosts.map(({ id }) => id),
    'hosts',
  )
  return windows.map(measuredIn)
}

/** Who holds a place on each host. */
async function readInstances(
  work: Work,
  held: readonly HostClaims[],
): Promise<ReadonlyMap<string, readonly Instance[]>> {
  const found = await work.store.readMany('compute', [...new Set(held.flatMap(({ claims }) => Object.keys(claims)))])
  const byId = new Map<string, Instance>(
    found.flatMap((record) => (record ? [[record.id, { name: record.wish.name, project: record.project }]] : [])),
  )
  return new Map(held.map(({ host, claims }) => [host, Object.keys(claims).flatMap((id) => byId.get(id) ?? [])]))
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

interface Parsed {
  readonly claims: readonly HostClaim[]
  /** One of them is what was promised to a machine. */
  readonly promises: boolean
}

const MOST_ALIKE = 1000
const alike = new Map<string, HostClaim>()

/** Machines of one project and size claim the same, word for word. */
function parsedAlike(text: string): HostClaim {
  const known = alike.get(text)
  if (known) return known
  if (alike.size >= MOST_ALIKE) alike.clear()
  const claim = parseClaim(text)
  alike.set(text, claim)
  return claim
}

/** Claims are parsed once for as long as they are kept; a revision alone may be that of another server's (store/kept-hosts.ts). */
const parsed = new WeakMap<HostClaims, Parsed>()

const claimsOf = (held: HostClaims | undefined): readonly HostClaim[] =>
  held === undefined ? [] : parsedOf(held).claims

function parsedOf(held: HostClaims): Parsed {
  const known = parsed.get(held)
  if (known) return known
  const claims = Object.values(held.claims).map(parsedAlike)
  const made = { claims, promises: claims.some((claim) => claim.held?.machine !== undefined) }
  parsed.set(held, made)
  return made
}
