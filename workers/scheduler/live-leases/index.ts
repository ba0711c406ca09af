/**
 * Machines with terms on a live site: the lease planner is asked from a snapshot of records and claims, and what it says becomes
 * steps for machines. Nothing is kept between two plans but what stands in records (`place.lease`) and in hosts' claims, so a worker
 * that dies loses none. Pure.
 *
 * Who decides what: the planner says who begins when and where, and whom it counts on to give way. That these are saved in time is
 * left to the one rule for all that give way (give-way.ts), which reads the same claims. Machines without terms are placed after
 * this, in what is left.
 */
import { hasTerms } from '../../../src/model/lease'
import { bookingKey, takesLeases } from '../../../src/model/placement'
import { DEFAULT_RULES, type LeasePlan, type LeaseSnapshot, planLeases } from '../leases'
import { inMs, inSeconds, type LeaseGround, OVERHEADS, ownerOf } from './ground'
import { keepPromises } from './keep-promises'
import { nodesOf } from './nodes'
import { leaseOf, type Parties, partiesOf, Where } from './parties'
import { delayed, incomplete, isAsTold, type LeaseStep, stepsOf, type Written } from './steps'

export type { LeaseGround, Waiter } from './ground'
export { keepPromises } from './keep-promises'
export type { LeaseStep, MachineStep, Written } from './steps'

export interface LeasesPlanned {
  /** To be written, each whole or not at all. */
  readonly steps: readonly LeaseStep[]
  /** Promises to machines that nobody knows any more: to be taken off. */
  readonly orphans: readonly Written[]
  /** When something is to begin or to give way next, ms; null: nothing is planned. */
  readonly next: number | null
}

export function planLive(ground: LeaseGround): LeasesPlanned {
  const { hosts, views, now } = ground
  const parties = partiesOf(ground.waiters)
  const snapshot = snapshotOf(ground, parties)
  const plan: LeasePlan = snapshot.leases.length === 0 ? NOTHING : planLeases(snapshot)
  const steps = stepsOf(plan, parties.whole, { views, now })
  const kept = keepPromises(steps, hosts, { views, now })
  const all = [
    ...kept.taken,
    ...kept.delayed.map(({ party }) => delayed(party, now)),
    ...parties.partial.map(({ party, of }) => incomplete(party, of, now)),
  ]
  return {
    steps: all.filter(({ what, machines }) => what !== 'wait' || !machines.every(isAsTold)),
    orphans: orphansOf(ground),
    next: plan.next === null ? null : inMs(plan.next),
  }
}

/** What the planner is asked. */
export function snapshotOf(ground: LeaseGround, parties: Parties = partiesOf(ground.waiters)): LeaseSnapshot {
  const { hosts, views, now, backfilling } = ground
  const told = new Set<string>(parties.whole.flatMap(({ members }) => members.map(({ record }) => record.id)))
  const { nodes, holders } = nodesOf(ground, told)
  const open = hosts.flatMap((host) => {
    const view = views.get(host.record.id)
    return view && takesLeases(host.record, view, now) ? [view] : []
  })
  const where = new Where(open)
  const waiting = parties.whole.map((party) => leaseOf(party, where, now))
  return {
    now: inSeconds(now),
    nodes,
    leases: [...waiting, ...holders],
    overheads: OVERHEADS,
    rules: { ...DEFAULT_RULES, backfilling },
  }
}

/** A machine was deleted, or lost what was promised to it: what is held for it is held for nobody. */
function orphansOf({ hosts, waiters, owners }: LeaseGround): readonly Written[] {
  const living = [...owners.values()].filter(({ wish }) => wish.exists && hasTerms(wish.lease))
  const known = new Set(
    [...waiters.map(({ record }) => record), ...living].flatMap(({ id, place }) =>
      (place.lease?.booked ?? []).map((one) => `${one.host} ${bookingKey(id, one)}`),
    ),
  )
  return hosts.flatMap(({ record: { id: host }, byId }) =>
    Object.entries(byId).flatMap(([key, claim]) =>
      ownerOf(claim) === undefined || known.has(`${host} ${key}`) ? [] : [{ host, key, claim: null }],
    ),
  )
}

const NOTHING: LeasePlan = {
  ...{ start: [], resume: [], suspend: [], kept: [], transfer: [], accepted: [], rejected: [], broken: [] },
  ...{ waiting: [], calendar: [], next: null },
}
