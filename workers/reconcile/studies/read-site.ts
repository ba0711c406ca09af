/** The whole site as placement sees it, read once: hosts, what is on them, what waits. */
import {
  type Backfilling,
  type Demand,
  demandOf,
  type HostView,
  inTurn,
  MOST_WAITING,
  wantsPlace,
} from '../../../src/model/placement'
import type { ComputeRecord, HostRecord, ReservationRecord } from '../../../src/model/records'
import { isLiving } from '../../../src/model/reservations'
import { type StorageRecord, volumesOf } from '../../../src/model/storage'
import type { HostClaims } from '../../../src/store/store'
import { type Bursts, readBursts } from '../placement/bursts'
import { type GroupsRead, readGroups } from '../placement/groups'
import { readDemands } from '../placement/snapshot'
import { viewsOf } from '../placement/views'
import type { Work } from '../work'

export interface StudiedSite {
  readonly hosts: readonly HostRecord[]
  readonly views: readonly HostView[]
  /** Machines with a place; those that are on their way elsewhere too. */
  readonly placed: readonly { readonly record: ComputeRecord; readonly volumes: readonly StorageRecord[] }[]
  /** Machines that wait, in the order of their turn; what they ask for without their groups. */
  readonly waiting: readonly { readonly record: ComputeRecord; readonly demand: Demand }[]
  /** What is claimed on each host. */
  readonly held: readonly HostClaims[]
  /** The placement groups of all of these machines. */
  readonly groups: GroupsRead
  /** What providers ask of a machine that has to be placed anew. */
  readonly bursts: Bursts
  /** Capacity reservations that are not over. */
  readonly reservations: readonly ReservationRecord[]
  /** Every machine, by id. */
  readonly records: ReadonlyMap<string, ComputeRecord>
  readonly backfilling: Backfilling
  readonly placement: Work['placement']
  readonly now: number
}

/** `beside`: what else is asked of hosts. */
export async function readSite(work: Work, beside: readonly Demand[] = []): Promise<StudiedSite> {
  const now = work.clock.now()
  const [all, computes, storages, reservations, queue] = await Promise.all([
    work.store.kept.hosts(),
    work.store.readAll('compute'),
    work.store.readAll('storage'),
    work.store.readAll('reservation'),
    work.store.waiting(MOST_WAITING),
  ])
  const hosts = all.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const groups = await readGroups(work, computes)
  const held = await work.store.kept.claims(hosts.map(({ id }) => id))
  const byId = new Map(storages.map((volume) => [volume.id, volume]))
  const volumes = (record: ComputeRecord) => volumesOf(record).flatMap(({ storage }) => byId.get(storage) ?? [])
  const placed = computes
    .filter(({ place }) => place.host !== null)
    .map((record) => ({ record, volumes: volumes(record) }))
  const known = new Map<string, ComputeRecord>(computes.map((record) => [record.id, record]))
  const queued = queue.flatMap((id) => known.get(id) ?? []).filter(wantsPlace)
  const waiting = inTurn(await readDemands(work, hosts, queued, now)).flatMap((demand) => {
    const record = known.get(demand.id)
    return record ? [{ record, demand }] : []
  })
  const bursts = await readBursts(
    work,
    hosts,
    placed.map(({ record }) => record),
    now,
  )
  const demands = [
    ...beside,
    ...waiting.map(({ demand }) => demand),
    ...placed.map((one) => demandOf(one.record, now, one.volumes, work.placement)),
  ]
  const views = await viewsOf(work, { hosts, held, demands, now })
  return {
    ...{ hosts, views, placed, waiting, held, groups, bursts, now },
    reservations: reservations.filter((record) => isLiving(record, now)),
    records: known,
    backfilling: work.backfilling ?? { kind: 'aggressive' },
    placement: work.placement,
  }
}
