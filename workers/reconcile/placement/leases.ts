/**
 * Machines with terms (src/model/lease.ts), before all others: the planner is asked from one snapshot, and what it says is written as
 * places and as claims for what is promised, each lease whole, in one script against the revisions of the hosts that it names. A
 * crash before that script leaves nothing, one after it leaves all: the next pass reads the promises from the claims and the records.
 */
import { formatEpoch } from '../../../src/model/epoch'
import type { HostId, Ref } from '../../../src/model/ids'
import { hasTerms } from '../../../src/model/lease'
import { type ClaimedHost, claimedHostsOf, formatClaim, yieldsAt } from '../../../src/model/placement'
import type { ComputeRecord } from '../../../src/model/records'
import type { Claim, Placing, PromisedClaim } from '../../../src/store/store'
import {
  type LeaseStep,
  type LeasesPlanned,
  type MachineStep,
  planLive,
  type Written,
} from '../../scheduler/live-leases'
import { MOST_PLACED } from '../../scheduler/place'
import { across, type Work } from '../work'
import type { Given } from './give-way'
import type { Snapshot } from './snapshot'

/** What is promised for later is looked at so often though nothing is told to change: hosts fall silent, ms. */
const LOOK_MS = 60_000
/** As what waits without terms. */
const PERIOD_MS = 5000

/** The machines of the snapshot that are placed by their terms. */
const withTerms = (machines: readonly ComputeRecord[]): readonly ComputeRecord[] =>
  machines.filter(({ wish }) => wish.lease !== undefined && hasTerms(wish.lease))

/** Faults thrown: 'unavailable'. */
export async function tendLeases(work: Work, claim: Claim<'placement'>, snapshot: Snapshot): Promise<Given> {
  const waiting = withTerms(snapshot.machines)
  if (waiting.length === 0 && !snapshot.promises) return { wrote: false, next: null }
  const { now } = snapshot.ground
  const { steps, ...plan } = planLive(await groundOf(work, snapshot, waiting))
  const planned = { ...plan, steps: forOneScript(steps) }
  const placings = planned.steps.flatMap(placingsOf)
  const queued = waiting.some(({ place }) => !place.lease?.booked)
  const next = Math.min(planned.next ?? Number.POSITIVE_INFINITY, now + (queued ? PERIOD_MS : LOOK_MS))
  if (placings.length === 0 && planned.orphans.length === 0) return { wrote: false, next }
  await write(work, claim, { snapshot, placings, planned })
  return { wrote: true, next }
}

/**
 * As many of them as one script writes, each whole; the rest is planned again. Their order is kept, for one may stand on what one before
 * it gives up; those that are only told why they wait stand on nothing, and come last.
 */
export function forOneScript(steps: readonly LeaseStep[]): readonly LeaseStep[] {
  const inTurn = steps.toSorted((a, b) => Number(a.what === 'wait') - Number(b.what === 'wait'))
  let machines = 0
  const first = inTurn.findIndex((step) => {
    machines += step.machines.length
    return machines > MOST_PLACED
  })
  return first < 0 ? inTurn : inTurn.slice(0, Math.max(1, first))
}

async function groundOf(work: Work, { ground, hosts: views, demands }: Snapshot, waiting: readonly ComputeRecord[]) {
  const { hosts: records, held, now } = ground
  const claims = new Map(held.map((one) => [one.host, one]))
  const hosts = claimedHostsOf(
    records,
    records.map(({ id }) => claims.get(id)),
  )
  const demandOf = new Map(demands.map((demand) => [demand.id, demand]))
  const known = new Set<string>(waiting.map(({ id }) => id))
  const [yielding, owners] = await Promise.all([
    read(
      work,
      hosts.flatMap((host) => yieldingOn(host, now)),
    ),
    read(
      work,
      hosts.flatMap(ownersOn).filter((id) => !known.has(id)),
    ),
  ])
  return {
    now,
    hosts,
    views: new Map(views.map((view) => [view.id, view])),
    waiters: waiting.flatMap((record) => {
      const demand = demandOf.get(record.id)
      return demand ? [{ record, demand }] : []
    }),
    yielding,
    owners,
    backfilling: work.backfilling ?? ({ kind: 'aggressive' } as const),
  }
}

const yieldingOn = ({ byId, claims }: ClaimedHost, now: number): readonly string[] =>
  Object.entries(byId).flatMap(([id, claim]) =>
    claim.cores > 0 && claim.held === undefined && yieldsAt(claim, claims) <= now ? [id] : [],
  )

const ownersOn = ({ claims }: ClaimedHost): readonly string[] => claims.flatMap(({ held }) => held?.machine ?? [])

async function read(work: Work, ids: readonly string[]): Promise<ReadonlyMap<string, ComputeRecord>> {
  const found = ids.length === 0 ? [] : await work.store.readMany('compute', [...new Set(ids)])
  return new Map(found.flatMap((record) => (record ? [[record.id as string, record]] : [])))
}

interface ToWrite {
  readonly snapshot: Snapshot
  readonly placings: readonly Placing[]
  readonly planned: LeasesPlanned
}

async function write(work: Work, claim: Claim<'placement'>, { snapshot, placings, planned }: ToWrite): Promise<void> {
  const freed = planned.orphans.map(promised)
  const named = new Set<string>([
    ...placings.flatMap(({ on, promises = [] }) => [...(on ? [on.host] : []), ...promises.map(({ host }) => host)]),
    ...freed.map(({ host }) => host),
  ])
  const hosts = [...named].map((host) => ({ host, revision: snapshot.revisions.get(host) ?? 0 }))
  const { now } = snapshot.ground
  const came = await across(work, 'place', claim.ref, () => work.store.place(claim, hosts, placings, now, [], freed))
  if (came.state !== 'done') return
  // Those that were refused take themselves off the waiting list.
  const refused = planned.steps.flatMap(({ what, machines }) => (what === 'refuse' ? machines : []))
  const told = [...came.placed, ...refused.map(({ record }) => record.id as string)]
  if (refused.length > 0)
    await work.store.wake(
      refused.map(({ record: { id } }): Ref => ({ kind: 'compute', id })),
      now,
    )
  await work.queue.add(told.map((id) => ({ kind: 'compute', id })))
  const count = (kind: LeaseStep['what']): number => planned.steps.filter(({ what }) => what === kind).length
  const counts = { begun: count('begin'), booked: count('book'), refused: refused.length, freed: freed.length }
  work.log.info({ epoch: formatEpoch(claim.epoch), ...counts }, 'planned leases')
}

const promised = ({ host, key, claim }: Written): PromisedClaim => ({
  host,
  key,
  claim: claim === null ? '' : formatClaim(claim),
})

const placingsOf = ({ party, what, machines }: LeaseStep): readonly Placing[] =>
  machines.map((machine) => ({
    ...placingOf(machine, what),
    ...(machines.length > 1 ? { together: party.id } : {}),
  }))

function placingOf({ record, place, on, promises }: MachineStep, what: LeaseStep['what']): Placing {
  const { id, project, epoch, rev } = record
  return {
    ref: { kind: 'compute', id },
    ...{ project, epoch, rev, place },
    raisePhase: what !== 'wait',
    on: on ? { host: on.host satisfies HostId, claim: formatClaim(on.claim) } : null,
    promises: promises.map(promised),
  }
}
