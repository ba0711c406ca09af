/**
 * Machines with terms (src/model/lease.ts), before all others: the planner is asked from one snapshot, and what it says is written as
 * places and as claims for what is promised, each lease whole (write-leases.ts).
 */
import { hasTerms } from '../../../src/model/lease'
import { type ClaimedHost, claimedHostsOf, yieldsAt } from '../../../src/model/placement'
import type { ComputeRecord } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import { type LeaseStep, planLive } from '../../scheduler/live-leases'
import { MOST_PLACED } from '../../scheduler/place'
import type { Work } from '../work'
import type { Given } from './give-way'
import type { Snapshot } from './snapshot'
import { writeLeases } from './write-leases'

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
  if (waiting.length === 0 && !snapshot.promises) return { came: 'nothing', next: null }
  const { now } = snapshot.ground
  const planned = planLive(await groundOf(work, snapshot, waiting))
  const steps = forOneScript(planned.steps)
  const queued = waiting.some(({ place }) => !place.lease?.booked)
  const next = Math.min(planned.next ?? Number.POSITIVE_INFINITY, now + (queued ? PERIOD_MS : LOOK_MS))
  if (steps.length === 0 && planned.orphans.length === 0) return { came: 'nothing', next }
  return { came: await writeLeases(work, claim, { snapshot, steps, orphans: planned.orphans }), next }
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
