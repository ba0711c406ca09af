/** The whole site as placement sees it, read once: hosts, what is on them, what waits. */
import { type Demand, demandOf, type HostView, wantsPlace } from '../../../src/model/placement'
import type { ComputeRecord, HostRecord } from '../../../src/model/records'
import { type StorageRecord, volumesOf } from '../../../src/model/storage'
import { viewsOf } from '../placement/snapshot'
import type { Work } from '../work'

export interface StudiedSite {
  readonly hosts: readonly HostRecord[]
  readonly views: readonly HostView[]
  /** Machines with a place; those that are on their way elsewhere too. */
  readonly placed: readonly { readonly record: ComputeRecord; readonly volumes: readonly StorageRecord[] }[]
  /** Machines that wait, in the order of their turn. */
  readonly waiting: readonly { readonly record: ComputeRecord; readonly demand: Demand }[]
  readonly placement: Work['placement']
  readonly now: number
}

export async function readSite(work: Work): Promise<StudiedSite> {
  const now = work.clock.now()
  const [all, computes, storages] = await Promise.all([
    work.store.readAll('host'),
    work.store.readAll('compute'),
    work.store.readAll('storage'),
  ])
  const hosts = all.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const held = await work.store.hostClaims(hosts.map(({ id }) => id))
  const byId = new Map(storages.map((volume) => [volume.id, volume]))
  const volumes = (record: ComputeRecord) => volumesOf(record).flatMap(({ storage }) => byId.get(storage) ?? [])
  const placed = computes
    .filter(({ place }) => place.host !== null)
    .map((record) => ({ record, volumes: volumes(record) }))
  const waiting = computes
    .filter(wantsPlace)
    .toSorted((a, b) => a.wish.createdAt - b.wish.createdAt || (a.id < b.id ? -1 : 1))
    .map((record) => ({ record, demand: demandOf(record, now, volumes(record), work.placement) }))
    .toSorted((a, b) => (b.demand.preference?.priority ?? 0) - (a.demand.preference?.priority ?? 0))
  const demands = [
    ...waiting.map(({ demand }) => demand),
    ...placed.map((one) => demandOf(one.record, now, one.volumes, work.placement)),
  ]
  const views = await viewsOf(work, { hosts, held, demands, now })
  return { hosts, views, placed, waiting, placement: work.placement, now }
}
