/**
 * The placement job of the site: a snapshot of hosts, claims and waiting machines; a pure plan; scripts that claim, a thousand
 * machines each.
 *
 * One placement job is current, the newest claim; an older one's script is refused. Each names the revision of each host that
 * it gives machines to and is refused when one moved; then it reads again, with fewer machines each time, so that it gets
 * through however busy the site is.
 */
import { beginUse, hourAt } from '../../../src/model/accounts'
import { formatEpoch } from '../../../src/model/epoch'
import type { Ref } from '../../../src/model/ids'
import { formatClaim, type HostView, machineClaim, toldAhead } from '../../../src/model/placement'
import { sizeOf } from '../../../src/model/providers/offers'
import type { ComputePlace, ComputeRecord, Waiting } from '../../../src/model/records'
import type { Claim, Placing } from '../../../src/store/store'
import { MOST_PLACED, type Placed, type Plan } from '../../scheduler/place'
import { coverOf } from '../../scheduler/slots'
import { placeThriftily } from '../../scheduler/thrift'
import { settle } from '../settle'
import { across, type Work } from '../work'
import { type Given, makeWay } from './give-way'
import { tendLeases } from './leases'
import { readSnapshot, type Snapshot } from './snapshot'
import { waitsAtMost } from './waits-at-most'
import { writePlacings } from './write'

/** How often it is tried again while something waits, ms. */
const PERIOD_MS = 5000
const ROUNDS = 6
/** So many machines get a place by one plan: reading 10,000 hosts takes longer than planning for them. */
const MOST_PLANNED = 10_000

export async function reconcilePlacement(work: Work): Promise<void> {
  const ref = { kind: 'placement', id: 'site' } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('placement', 'site', work.clock.now()))
  if (!claim) return
  const next = await placeWaiting(work, claim)
  await settle(work, claim, { at: next === null ? null : work.clock.now() + next })
}

/** Places what fits; ms until it is worth while again, null when nothing waits. */
async function placeWaiting(work: Work, claim: Claim<'placement'>): Promise<number | null> {
  let batch = MOST_PLANNED
  for (let round = 0; round < ROUNDS; round += 1) {
    const came = await placeBatch(work, claim, batch)
    if (came.state === 'superseded') return PERIOD_MS
    if (came.state === 'moved') batch = Math.max(1, Math.floor(Math.min(batch, MOST_PLACED) / 4))
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

/** One snapshot and one plan, written by as few scripts as it takes. */
async function placeBatch(work: Work, claim: Claim<'placement'>, batch: number): Promise<Came> {
  const began = work.clock.now()
  const snapshot = await readSnapshot(work)
  const { hosts: views, free: machines } = snapshot
  await endWaiting(work, snapshot.givenUp)
  const { wrote, next: gives } = await tend(work, claim, snapshot)
  if (wrote) return { state: 'again' }
  const queued = snapshot.ground.queued.some(isLeaving) ? 'later' : 'none'
  if (machines.length === 0) return { state: 'done', missed: 0, more: queued, gives }
  const plan = placeThriftily({ hosts: views, machines }, isPlain(snapshot) ? batch : Math.min(batch, MOST_PLACED))
  const more = plan.isCut ? 'now' : plan.left.length > 0 ? 'later' : queued
  const placings = placingsOf(snapshot, plan, began)
  if (placings.length === 0) return { state: 'done', missed: 0, more, gives }
  const written = await writePlacings(work, claim, { snapshot, placings, now: began })
  if (written.state !== 'done') return { state: written.state }
  const missed = plan.placed.length - written.placed
  const counts = { placed: written.placed, missed, left: plan.left.length }
  const hosts = new Set(plan.placed.map(({ host }) => host)).size
  work.log.info({ epoch: formatEpoch(claim.epoch), ...counts, hosts, ms: work.clock.now() - began }, 'placed')
  return { state: 'done', missed, more, gives }
}

/** Who gives way, and who has terms: both come before what is placed as it comes. */
async function tend(work: Work, claim: Claim<'placement'>, snapshot: Snapshot): Promise<Given> {
  const way = await makeWay(work, claim, snapshot.ground)
  if (way.wrote) return way
  const leases = await tendLeases(work, claim, snapshot)
  const times = [way.next, leases.next].filter((at) => at !== null)
  return { wrote: leases.wrote, next: times.length === 0 ? null : Math.min(...times) }
}

/** Those that were given up take themselves off the waiting list, each in its own job. */
async function endWaiting(work: Work, givenUp: readonly ComputeRecord[]): Promise<void> {
  if (givenUp.length === 0) return
  const refs = givenUp.map(({ id }): Ref => ({ kind: 'compute', id }))
  await work.store.wake(refs, work.clock.now())
  await work.queue.add(refs)
}

/** No group and no reservation binds machines together: the plan holds as well when only its beginning was written. */
const isPlain = ({ hosts, groups }: Snapshot): boolean =>
  groups.size === 0 && hosts.every(({ slots }) => slots === undefined)

/** The plan as places to write: those that got one, and those whose reasons to wait changed. */
function placingsOf({ hosts, machines, timeouts }: Snapshot, plan: Plan, now: number): readonly Placing[] {
  const records = new Map(machines.map((record) => [record.id, record]))
  const views = new Map(hosts.map((host) => [host.id, host]))
  const placed = plan.placed.flatMap((one) => {
    const record = records.get(one.machine)
    const view = views.get(one.host)
    return record && view ? [onHost(record, view, one, now)] : []
  })
  const left = plan.left.flatMap(({ machine, waiting }, at) => {
    const record = records.get(machine)
    const turn = at === 0 ? {} : { ahead: toldAhead(at) }
    return record ? stillWaiting(record, { ...waiting, ...turn }, waitsAtMost(record, timeouts), now) : []
  })
  return [...placed, ...left]
}

const placing = (record: ComputeRecord, place: ComputePlace, on: Placing['on']): Placing => ({
  ref: { kind: 'compute', id: record.id },
  project: record.project,
  epoch: record.epoch,
  rev: record.rev,
  place,
  raisePhase: on !== null,
  on,
  ...(record.place.use && record.place.use.since !== place.use?.since ? { endsUse: true } : {}),
})

const currencyOf = ({ provider }: HostView) => (provider?.currency === undefined ? {} : { currency: provider.currency })

/** `slot`: of the reservation that it has a place of; `offer`: the type that it takes at a provider. */
const onHost = (record: ComputeRecord, host: HostView, { slot, offer }: Placed, now: number): Placing => {
  const price = offer && hourAt(offer, record.wish.size.diskGiB, host.provider?.prices)
  const claim = {
    ...machineClaim(record),
    ...(offer && price !== undefined ? sizeOf(offer, price) : {}),
    ...(slot ? coverOf(slot) : {}),
  }
  return placing(
    record,
    {
      ...{ host: host.id, hostName: host.name, zone: host.zone, simulated: host.simulated, at: now, waiting: null },
      ...(slot ? { reservation: { id: slot.reservation, name: slot.name, type: slot.size.type } } : {}),
      ...(offer && price !== undefined ? { offer: { type: offer.name, price, ...currencyOf(host) } } : {}),
      use: beginUse(record.wish, now),
    },
    {
      host: host.id,
      claim: formatClaim(claim),
      ...(record.wish.placementGroup ? { group: record.wish.placementGroup.id } : {}),
    },
  )
}

/** Written only when the reasons are others than those on the record, or it is given up; examples with other figures alone are none. */
function stillWaiting(
  record: ComputeRecord,
  reasons: Omit<Waiting, 'since'>,
  timeout: number | undefined,
  now: number,
): readonly Placing[] {
  const former = record.place.waiting
  // One that was given up before waits anew.
  const since = former === null || former.gaveUp !== undefined ? now : former.since
  const waiting: Waiting = { since, ...reasons }
  if (timeout !== undefined && now - since >= timeout * 1000) {
    const gaveUp = { at: now, afterSeconds: timeout, retries: record.wish.retries }
    return [{ ...placing(record, { ...record.place, waiting: { ...waiting, gaveUp } }, null), raisePhase: true }]
  }
  if (former !== null && former.gaveUp === undefined && told(former) === told(waiting)) return []
  return [placing(record, { ...record.place, waiting }, null)]
}

const told = ({ reasons, wouldFit, ahead }: Waiting): string =>
  JSON.stringify([Object.entries(reasons).sort(), wouldFit, ahead])
