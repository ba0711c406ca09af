/** What the site's relocation job decides on: machines that are to leave, with their volumes, and the hosts as placement sees them. */
import { demandToMove, groupWithout, type HostClaim, parseClaim } from '../../../src/model/placement'
import type { ComputeRecord, Flag, HostRecord, RelocationRecord } from '../../../src/model/records'
import { isOpen, isRunning, USUAL_PARALLEL } from '../../../src/model/records'
import { type StorageRecord, volumesOf } from '../../../src/model/storage'
import type { HostClaims } from '../../../src/store/store'
import type { Leaving, RelocationGround } from '../../scheduler/relocate'
import { readGroups } from '../placement/groups'
import { viewsOf } from '../placement/views'
import type { Work } from '../work'
import { type Asked, mayComeHome, readReturning } from './come-home'

export interface Leavings {
  readonly leavings: readonly Leaving[]
  readonly ground: RelocationGround
  /** Flags that are through: the machine is elsewhere, or gone. */
  readonly over: readonly Flag[]
}

export async function readLeavings(work: Work, { wish, seen }: RelocationRecord): Promise<Leavings> {
  const hosts = (await work.store.kept.hosts()).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const held = await work.store.kept.claims(hosts.map(({ id }) => id))
  const drained = await readDrained(work, hosts, held)
  const flags = await readFlagged(work, wish?.flagged ?? [])
  const returning = await readReturning(work, hosts, held, seen?.leavers)
  const asked = once([...drained, ...flags.asked, ...(await readPlanned(work)), ...returning])
  const volumes = await readVolumes(
    work,
    asked.map(({ record }) => record),
  )
  const groups = await readGroups(
    work,
    asked.map(({ record }) => record),
  )
  const former = new Map(seen?.leavers.map((leaver) => [leaver.id, leaver]))
  const leavings = asked.map((one): Leaving => {
    const before = former.get(one.record.id)
    const { placementGroup } = one.record.wish
    const group = placementGroup && groupWithout(one.record, groups.records.get(placementGroup.id), held, hosts)
    const more = { ...(group ? { group } : {}), ...(before ? { former: before } : {}) }
    return { ...one, volumes: volumes.get(one.record.id) ?? [], ...more }
  })
  const now = work.clock.now()
  const demands = leavings.map((one) => demandToMove(one.record, now, one.volumes, work.placement))
  const claims = new Map(held.map((one) => [one.host, one]))
  return {
    leavings,
    over: flags.over,
    ground: {
      hosts,
      views: leavings.length === 0 ? [] : await viewsOf(work, { hosts, held, demands, now }),
      mayComeHome: mayComeHome(hosts, seen?.home, now),
      claimsOn: (host) => claimsIn(claims.get(host)),
      now,
      ...(work.placement ? { site: work.placement } : {}),
    },
  }
}

const claimsIn = (held: HostClaims | undefined): readonly HostClaim[] =>
  Object.values(held?.claims ?? {}).map(parseClaim)

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

/** Each machine for the first cause that there is: who drains a host does not ask for a plan's host. */
function once(asked: readonly Asked[]): readonly Asked[] {
  const known = new Set<string>()
  return asked.filter(({ record: { id } }) => !known.has(id) && known.add(id))
}

/** Machines that a rebalance moves, until its job says that they are through. */
async function readPlanned(work: Work): Promise<readonly Asked[]> {
  const running = (await work.store.readAll('study')).filter(isRunning)
  const moves = running.flatMap(({ wish, seen }) =>
    seen?.answer.kind === 'rebalance' && !wish.cancelled ? seen.answer.moves.filter(isOpen) : [],
  )
  const records = await work.store.readMany(
    'compute',
    moves.map(({ machine }) => machine),
  )
  return moves.flatMap(({ from, to }, at): Asked[] => {
    const record = records[at]
    if (!record?.wish.exists || record.place.host !== from) return []
    return [{ record, cause: 'rebalance', parallel: USUAL_PARALLEL, to }]
  })
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
