/** What the site's relocation job decides on: machines that are to leave, with their volumes, and the hosts as placement sees them. */
import type { Size } from '../../../src/model/machine'
import { demandToMove } from '../../../src/model/placement'
import type { ComputeRecord, Flag, HostRecord, RelocationRecord } from '../../../src/model/records'
import { USUAL_PARALLEL } from '../../../src/model/records'
import { type StorageRecord, volumesOf } from '../../../src/model/storage'
import type { HostClaims } from '../../../src/store/store'
import type { Leaving, RelocationGround } from '../../scheduler/relocate'
import { viewsOf } from '../placement/snapshot'
import type { Work } from '../work'

export interface Leavings {
  readonly leavings: readonly Leaving[]
  readonly ground: RelocationGround
  /** Flags that are through: the machine is elsewhere, or gone. */
  readonly over: readonly Flag[]
}

type Asked = Pick<Leaving, 'record' | 'cause' | 'parallel'>

export async function readLeavings(work: Work, { wish, seen }: RelocationRecord): Promise<Leavings> {
  const hosts = (await work.store.readAll('host')).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const held = await work.store.hostClaims(hosts.map(({ id }) => id))
  const drained = await readDrained(work, hosts, held)
  const flags = await readFlagged(work, wish?.flagged ?? [])
  const known = new Set(drained.map(({ record }) => record.id))
  const asked = [...drained, ...flags.asked.filter(({ record }) => !known.has(record.id))]
  const volumes = await readVolumes(
    work,
    asked.map(({ record }) => record),
  )
  const former = new Map(seen?.leavers.map((leaver) => [leaver.id, leaver]))
  const leavings = asked.map((one): Leaving => {
    const before = former.get(one.record.id)
    return { ...one, volumes: volumes.get(one.record.id) ?? [], ...(before ? { former: before } : {}) }
  })
  const now = work.clock.now()
  const demands = leavings.map((one) => demandToMove(one.record, now, one.volumes, work.placement))
  const claims = new Map(held.map((one) => [one.host, one]))
  return {
    leavings,
    over: flags.over,
    ground: {
      hosts,
      views: leavings.length === 0 ? [] : await viewsOf(work, hosts, held, demands, now),
      claimsOn: (host) => sizesIn(claims.get(host)),
      now,
      ...(work.placement ? { site: work.placement } : {}),
    },
  }
}

const sizesIn = (held: HostClaims | undefined): readonly Size[] =>
  Object.values(held?.claims ?? {}).map((claim) => JSON.parse(claim) as Size)

/** Machines on hosts that are drained, those that are wanted alone: what is deleted goes by itself. */
async function readDrained(
  work: Work,
  hosts: readonly HostRecord[],
  held: readonly HostClaims[],
): Promise<readonly Asked[]> {
  const parallel = new Map(hosts.flatMap(({ id, wish }) => (wish.drain ? [[id as string, wish.drain.parallel]] : [])))
  const ids = held.flatMap(({ host, claims }) => (parallel.has(host) ? Object.keys(claims) : []))
  const records = await work.store.readMany('compute', [...new Set(ids)])
  return records.flatMap((record): Asked[] => {
    const most = record?.wish.exists ? parallel.get(record.place.host ?? '') : undefined
    return record && most !== undefined ? [{ record, cause: 'drain', parallel: most }] : []
  })
}

async function readFlagged(
  work: Work,
  flagged: readonly Flag[],
): Promise<{ readonly asked: readonly Asked[]; readonly over: readonly Flag[] }> {
  const records = await work.store.readMany(
    'compute',
    flagged.map(({ id }) => id),
  )
  const isOver = ({ from }: Flag, record: ComputeRecord | undefined): boolean =>
    !record?.wish.exists || record.place.host !== from
  return {
    asked: flagged.flatMap((flag, at): Asked[] => {
      const record = records[at]
      return record && !isOver(flag, record) ? [{ record, cause: 'resched', parallel: USUAL_PARALLEL }] : []
    }),
    over: flagged.filter((flag, at) => isOver(flag, records[at])),
  }
}

/** One read for all. */
async function readVolumes(
  work: Work,
  records: readonly ComputeRecord[],
): Promise<ReadonlyMap<string, readonly StorageRecord[]>> {
  const ids = records.flatMap((record) => volumesOf(record).map(({ storage }) => storage))
  const found = ids.length === 0 ? [] : await work.store.readMany('storage', ids)
  const byId = new Map(found.flatMap((volume) => (volume ? [[volume.id as string, volume]] : [])))
  return new Map(
    records.map((record) => [record.id, volumesOf(record).flatMap(({ storage }) => byId.get(storage) ?? [])]),
  )
}
