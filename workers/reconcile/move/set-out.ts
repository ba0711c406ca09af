/**
 * The beginning of a move: what the machine and its volumes need is claimed on the other host by one script, against the revision
 * of that host's claims, before anything happens. What cannot be is told, and the machine stays where it is.
 */
import { formatEpoch } from '../../../src/model/epoch'
import {
  formatClaim,
  groupWithout,
  type HostClaim,
  movedClaim,
  parseClaim,
  whyNoMove,
} from '../../../src/model/placement'
import type { ComputeRecord, HostRecord, MoveWish, Moving } from '../../../src/model/records'
import { type StorageRecord, volumesOf } from '../../../src/model/storage'
import type { Claim, HostClaims } from '../../../src/store/store'
import { runs } from '../seen'
import { claimOf as volumeClaim } from '../storage/lodge'
import { across, type Next, type Work } from '../work'
import { staying } from './stay'

/** Whether an operator's order to move it is not through yet. */
export const isToMove = ({ wish, seen, place }: ComputeRecord): boolean =>
  wish.exists && place.host !== null && (wish.move?.level ?? 0) > (seen.moves ?? 0)

/** `record` carries what was just seen of it; it is as its owner wants it. */
export async function setOut(work: Work, claim: Claim<'compute'>, record: ComputeRecord): Promise<Next> {
  const order = record.wish.move
  if (order === undefined) return { at: null }
  const [hosts, [held], volumes] = await Promise.all([
    work.store.readAll('host'),
    work.store.hostClaims([order.to]),
    readVolumes(work, record),
  ])
  const group = await groupOf(work, record, hosts)
  const from = hosts.find(({ id }) => id === record.place.host)
  const claims = othersOf(held, record, volumes)
  const refusal = whyNoMove({
    record,
    how: order.how,
    from,
    hosts,
    to: order.to,
    claims,
    volumes,
    group: group?.demand,
    now: work.clock.now(),
  })
  const to = hosts.find(({ id }) => id === order.to)
  if (refusal || !to) return staying(work, claim, record, order.level, whyTold(record, order, refusal?.message ?? ''))
  const now = work.clock.now()
  const moving = movingTo(to, record, order, volumes, now)
  const came = await across(work, 'place', claim.ref, () =>
    work.store.transfer(
      claim,
      {
        generation: claim.generation,
        phase: claim.record.phase,
        place: { ...record.place, moving },
        seen: record.seen,
        journal: record.journal,
        take: {
          host: to.id,
          revision: held?.revision ?? 0,
          claims: [
            { id: record.id, claim: formatClaim(movedClaim(record)) },
            ...volumes.map((volume) => ({ id: volume.id, claim: volumeClaim(volume.wish.sizeGiB) })),
          ],
          ...(group ? { group: group.read } : {}),
        },
        what: 'compute-sets-out',
      },
      now,
    ),
  )
  const { name } = record.wish
  work.log.info({ vm: name, epoch: formatEpoch(claim.epoch), to: to.wish.name, how: order.how, came }, 'sets out')
  return { at: now }
}

/** It is there already: nothing is told. */
const whyTold = (record: ComputeRecord, { to }: MoveWish, message: string): string | null =>
  record.place.host === to ? null : `it was not moved: ${message}`

/** Its placement group: how often somebody came into it is read first, so that who comes in meanwhile makes the move begin anew. */
async function groupOf(work: Work, record: ComputeRecord, hosts: readonly HostRecord[]) {
  const id = record.wish.placementGroup?.id
  if (id === undefined) return undefined
  const [revision = 0] = await work.store.groupRevisions([id])
  const [group, held] = await Promise.all([
    work.store.read('placementgroup', id),
    work.store.hostClaims(hosts.map((host) => host.id)),
  ])
  return { demand: groupWithout(record, group, held, hosts), read: { group: id, revision } }
}

async function readVolumes(work: Work, record: ComputeRecord): Promise<readonly StorageRecord[]> {
  const ids = volumesOf(record).map((volume) => volume.storage)
  if (ids.length === 0) return []
  return (await work.store.readMany('storage', ids)).filter((volume) => volume !== undefined)
}

/** What others claim there. */
function othersOf(
  held: HostClaims | undefined,
  { id }: ComputeRecord,
  volumes: readonly StorageRecord[],
): readonly HostClaim[] {
  const mine = new Set<string>([id, ...volumes.map((volume) => volume.id)])
  return Object.entries(held?.claims ?? {}).flatMap(([of, claim]) => (mine.has(of) ? [] : [parseClaim(claim)]))
}

const movingTo = (
  { id, wish }: HostRecord,
  { seen }: ComputeRecord,
  { level, how }: MoveWish,
  volumes: readonly StorageRecord[],
  now: number,
): Moving => ({
  level,
  how,
  to: { host: id, hostName: wish.name, zone: wish.zone, simulated: wish.simulated },
  ran: runs(seen.machine),
  volumes: volumes.map((volume) => volume.id),
  since: now,
})
