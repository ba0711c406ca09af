/** Hosts as the lease planner sees them: what machines hold for ever is off, what others hold for a time is less for that time. */
import type { HostId } from '../../../src/model/ids'
import { endOf, hasTerms, ranOf, savingMs } from '../../../src/model/lease'
import type { HostCapacity } from '../../../src/model/machine'
import {
  type ClaimedHost,
  freeSlots,
  type HostClaim,
  less,
  takesLeases,
  times,
  yieldsAt,
} from '../../../src/model/placement'
import type { ComputeRecord } from '../../../src/model/records'
import type { Lease, LeaseNode } from '../leases'
import { inSeconds, type LeaseGround, OVERHEADS, ownerOf } from './ground'

export interface Nodes {
  readonly nodes: readonly LeaseNode[]
  /** Machines that give way and run there now. */
  readonly holders: readonly Lease[]
}

/** `told`: machines that the planner is told of as leases. */
export function nodesOf({ hosts, views, yielding, now }: LeaseGround, told: ReadonlySet<string>): Nodes {
  const nodes: LeaseNode[] = []
  const holders: Lease[] = []
  for (const host of hosts) {
    const view = views.get(host.record.id)
    if (view === undefined || !takesLeases(host.record, view, now)) continue
    const parts = Object.entries(host.byId).map(([id, claim]) => partOf(id, claim, { host, yielding, told, now }))
    const always = parts.flatMap(({ always: some }) => some ?? [])
    nodes.push({
      id: view.id,
      room: view.usable,
      less: [
        ...(always.length === 0 ? [] : [{ from: Number.NEGATIVE_INFINITY, to: null, room: sum(always) }]),
        ...parts.flatMap(({ less: some }) => some ?? []),
      ],
    })
    holders.push(...parts.flatMap(({ holder }) => holder ?? []))
  }
  return { nodes, holders }
}

interface Part {
  readonly always?: HostCapacity
  readonly less?: NonNullable<LeaseNode['less']>[number]
  readonly holder?: Lease
}

interface Sight extends Pick<LeaseGround, 'yielding' | 'now'> {
  readonly host: ClaimedHost
  readonly told: ReadonlySet<string>
}

/** What a claim is to the planner. */
function partOf(id: string, claim: HostClaim, { host, yielding, told, now }: Sight): Part {
  const { held } = claim
  if (held !== undefined) {
    if (told.has(ownerOf(claim) ?? '') || (held.until !== null && held.until <= now)) return {}
    const room = times(claim, freeSlots(held, host.claims))
    return { less: { from: inSeconds(held.from), to: held.until === null ? null : inSeconds(held.until), room } }
  }
  const at = yieldsAt(claim, host.claims)
  if (claim.cores === 0 || at === Number.POSITIVE_INFINITY) return { always: claim }
  const record = yielding.get(id)
  if (at <= now && record) return { holder: holderOf(record, claim, host.record.id, now) }
  if (at <= now) return { always: claim }
  const room = { ...claim, diskGiB: 0 }
  return { always: diskOf(claim), less: { from: Number.NEGATIVE_INFINITY, to: inSeconds(at), room } }
}

const sum = (sizes: readonly HostCapacity[]): HostCapacity => times(less(NOTHING, sizes), -1)
const NOTHING: HostCapacity = { cpuHundredths: 0, memoryMiB: 0, diskGiB: 0 }

const diskOf = ({ diskGiB }: HostCapacity): HostCapacity => ({ cpuHundredths: 0, memoryMiB: 0, diskGiB })

/** A machine that runs and gives way: a lease that may be suspended, for as long as it has left. */
function holderOf(record: ComputeRecord, claim: HostClaim, host: HostId, now: number): Lease {
  const { wish, place } = record
  const ran = ranOf(place, now)
  return {
    id: record.id,
    machines: [claim],
    seconds: hasTerms(wish.lease) ? (wish.lease.seconds ?? null) : null,
    terms: { kind: 'best-effort' },
    submitted: inSeconds(wish.createdAt),
    preemptible: true,
    state: stateOf(record, host, ran, now),
  }
}

function stateOf(record: ComputeRecord, host: HostId, ran: number, now: number): Lease['state'] {
  const { wish, place } = record
  const nodes = [host]
  const soon = inSeconds(now) + OVERHEADS.shutdownSeconds
  if (!wish.exists || (endOf(record) ?? Number.POSITIVE_INFINITY) <= now) return { kind: 'ending', nodes, to: soon }
  if (place.parked) {
    const to = Math.max(now, place.parked.since + savingMs([wish.size.memoryMiB]))
    return { kind: 'suspending', nodes, ran, to: inSeconds(to) }
  }
  return { kind: 'running', nodes, ran, lead: Math.max(0, inSeconds((place.lease?.run ?? now) - now)) }
}
