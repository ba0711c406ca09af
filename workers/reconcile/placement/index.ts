/**
 * The placement job of the site: a snapshot of hosts, claims and waiting machines; a pure plan; one script that claims.
 *
 * One placement job is current, the newest claim; an older one's script is refused. It names the revision of each host that
 * it gives machines to and is refused when one moved; then it reads again, with fewer machines each time, so that it gets
 * through however busy the site is.
 */
import { formatEpoch } from '../../../src/model/epoch'
import type { Ref } from '../../../src/model/ids'
import { formatClaim, type GroupView, type HostView, machineClaim } from '../../../src/model/placement'
import { sizeOf } from '../../../src/model/providers/offers'
import type { ComputePlace, ComputeRecord, Waiting } from '../../../src/model/records'
import type { Claim, PlacedGroup, Placing } from '../../../src/store/store'
import { MOST_PLACED, type Placed, type Plan, place } from '../../scheduler/place'
import { coverOf } from '../../scheduler/slots'
import { settle } from '../settle'
import { across, type Work } from '../work'
import { makeWay } from './give-way'
import { readSnapshot, type Snapshot } from './snapshot'

/** How often it is tried again while something waits, ms. */
const PERIOD_MS = 5000
const ROUNDS = 6

export async function reconcilePlacement(work: Work): Promise<void> {
  const ref = { kind: 'placement', id: 'site' } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('placement', 'site', work.clock.now()))
  if (!claim) return
  const next = await placeWaiting(work, claim)
  await settle(work, claim, { at: next === null ? null : work.clock.now() + next })
}

/** Places what fits; ms until it is worth while again, null when nothing waits. */
async function placeWaiting(work: Work, claim: Claim<'placement'>): Promise<number | null> {
  let batch = MOST_PLACED
  for (let round = 0; round < ROUNDS; round += 1) {
    const came = await placeBatch(work, claim, batch)
    if (came.state === 'superseded') return PERIOD_MS
    if (came.state === 'moved') batch = Math.max(1, Math.floor(batch / 4))
    if (came.state === 'done' && came.missed === 0) return soonest(came, work.clock.now())
  }
  return 0
}

function soonest({ more, gives }: Extract<Came, { state: 'done' }>, now: number): number | null {
  const again = more === 'now' ? 0 : more === 'later' ? PERIOD_MS : null
  const way = gives === null ? null : Math.max(0, gives - now)
  return again === null || way === null ? (again ?? way) : Math.min(again, way)
}

type Came =
  /** `again`: some gave way, and what was read before is old. */
  | { readonly state: 'superseded' | 'moved' | 'again' }
  | {
      readonly state: 'done'
      /** Machines that changed while they were being placed; they are placed with the next batch. */
      readonly missed: number
      readonly more: 'now' | 'later' | 'none'
      /** When somebody is to give way next, ms; null: nobody. */
      readonly gives: number | null
    }

/** It was told to give way, and has not gone yet. */
const isLeaving = ({ place: { parked } }: ComputeRecord): boolean => parked !== undefined && parked.released !== true

/** One snapshot, one plan, one script. */
async function placeBatch(work: Work, claim: Claim<'placement'>, batch: number): Promise<Came> {
  const began = work.clock.now()
  const snapshot = await readSnapshot(work)
  const { hosts: views, demands: machines } = snapshot
  const { wrote, next: gives } = await makeWay(work, claim, snapshot.ground)
  if (wrote) return { state: 'again' }
  const queued = snapshot.ground.queued.some(isLeaving) ? 'later' : 'none'
  if (machines.length === 0) return { state: 'done', missed: 0, more: queued, gives }
  const plan = place({ hosts: views, machines }, batch)
  const more = plan.isCut ? 'now' : plan.left.length > 0 ? 'later' : queued
  const placings = placingsOf(snapshot, plan, began)
  if (placings.length === 0) return { state: 'done', missed: 0, more, gives }
  const hosts = [...new Set(plan.placed.map(({ host }) => host))].map((host) => ({
    host,
    revision: snapshot.revisions.get(host) ?? 0,
  }))
  const result = await across(work, 'place', claim.ref, () =>
    work.store.place(claim, hosts, placings, began, groupsOf(snapshot, placings)),
  )
  if (result.state !== 'done') return { state: result.state }
  if (result.placed.length > 0) await work.queue.add(result.placed.map((id): Ref => ({ kind: 'compute', id })))
  const missed = plan.placed.length - result.placed.length
  const counts = { placed: result.placed.length, missed, left: plan.left.length, hosts: hosts.length }
  work.log.info({ epoch: formatEpoch(claim.epoch), ...counts, ms: work.clock.now() - began }, 'placed')
  return { state: 'done', missed, more, gives }
}

/** The plan as places to write: those that got one, and those whose reasons to wait changed. */
function placingsOf({ hosts, machines }: Snapshot, plan: Plan, now: number): readonly Placing[] {
  const records = new Map(machines.map((record) => [record.id, record]))
  const views = new Map(hosts.map((host) => [host.id, host]))
  const placed = plan.placed.flatMap((one) => {
    const record = records.get(one.machine)
    const view = views.get(one.host)
    return record && view ? [onHost(record, view, one, now)] : []
  })
  const left = plan.left.flatMap(({ machine, waiting }) => {
    const record = records.get(machine)
    return record ? stillWaiting(record, waiting, now) : []
  })
  return [...placed, ...left]
}

/** The groups of machines that get a place, as they were read; those of which all waiting machines must have one at once are whole. */
function groupsOf({ demands, groups }: Snapshot, placings: readonly Placing[]): readonly PlacedGroup[] {
  const joined = new Set(placings.flatMap(({ on }) => on?.group ?? []))
  if (joined.size === 0) return []
  const views = new Map<string, GroupView>(demands.flatMap(({ group }) => (group ? [[group.view.id, group.view]] : [])))
  return [...groups].flatMap(([group, revision]) => {
    const view = views.get(group)
    const isWhole = view?.rule.keeps === 'together' && view.rule.strength === 'hard' && view.held.size === 0
    return joined.has(group) ? [{ group, revision, ...(isWhole ? { whole: true as const } : {}) }] : []
  })
}

const placing = (record: ComputeRecord, place: ComputePlace, on: Placing['on']): Placing => ({
  ref: { kind: 'compute', id: record.id },
  project: record.project,
  epoch: record.epoch,
  rev: record.rev,
  place,
  raisePhase: on !== null,
  on,
})

/** `slot`: of the reservation that it has a place of; `offer`: the type that it takes at a provider. */
const onHost = (record: ComputeRecord, host: HostView, { slot, offer }: Placed, now: number): Placing => {
  const claim = {
    ...machineClaim(record.wish),
    ...(offer ? sizeOf(offer) : {}),
    ...(slot ? coverOf(slot) : {}),
  }
  return placing(
    record,
    {
      ...{ host: host.id, hostName: host.name, zone: host.zone, simulated: host.simulated, at: now, waiting: null },
      ...(slot ? { reservation: { id: slot.reservation, name: slot.name, type: slot.size.type } } : {}),
      ...(offer ? { offer: { type: offer.name, price: offer.price } } : {}),
    },
    {
      host: host.id,
      claim: formatClaim(claim),
      ...(record.wish.placementGroup ? { group: record.wish.placementGroup.id } : {}),
    },
  )
}

/** Written only when the reasons are others than those on the record; examples with other figures alone are none. */
function stillWaiting(record: ComputeRecord, reasons: Omit<Waiting, 'since'>, now: number): readonly Placing[] {
  const former = record.place.waiting
  const waiting: Waiting = { since: former?.since ?? now, ...reasons }
  if (former !== null && told(former) === told(waiting)) return []
  return [placing(record, { ...record.place, waiting }, null)]
}

const told = ({ reasons, wouldFit }: Waiting): string => JSON.stringify([Object.entries(reasons).sort(), wouldFit])
