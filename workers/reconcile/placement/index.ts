/**
 * The placement job of the site: a snapshot of hosts, claims and waiting machines; a pure plan; scripts that claim, a thousand
 * machines each.
 *
 * One placement job is current, the newest claim; an older one's script is refused. Each names the revision of each host that
 * it gives machines to and is refused when one moved; then it reads again, with fewer machines each time, so that it gets
 * through however busy the site is.
 */
import { formatEpoch } from '../../../src/model/epoch'
import { formatClaim, type HostView, machineClaim, type Slot } from '../../../src/model/placement'
import type { ComputePlace, ComputeRecord, Waiting } from '../../../src/model/records'
import type { Claim, Placing } from '../../../src/store/store'
import { MOST_PLACED, type Plan, place } from '../../scheduler/place'
import { coverOf } from '../../scheduler/slots'
import { settle } from '../settle'
import { across, type Work } from '../work'
import { readSnapshot, type Snapshot } from './snapshot'
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
    if (came.state === 'done' && came.missed === 0)
      return came.more === 'now' ? 0 : came.more === 'later' ? PERIOD_MS : null
  }
  return 0
}

type Came =
  | { readonly state: 'superseded' | 'moved' }
  /** `missed`: machines that changed while they were being placed; they are placed with the next batch. */
  | { readonly state: 'done'; readonly missed: number; readonly more: 'now' | 'later' | 'none' }

/** One snapshot and one plan, written by as few scripts as it takes. */
async function placeBatch(work: Work, claim: Claim<'placement'>, batch: number): Promise<Came> {
  const began = work.clock.now()
  const snapshot = await readSnapshot(work)
  const { hosts: views, demands: machines } = snapshot
  if (machines.length === 0) return { state: 'done', missed: 0, more: 'none' }
  const plan = place({ hosts: views, machines }, isPlain(snapshot) ? batch : Math.min(batch, MOST_PLACED))
  const more = plan.isCut ? 'now' : plan.left.length > 0 ? 'later' : 'none'
  const placings = placingsOf(snapshot, plan, began)
  if (placings.length === 0) return { state: 'done', missed: 0, more }
  const written = await writePlacings(work, claim, { snapshot, placings, now: began })
  if (written.state !== 'done') return { state: written.state }
  const missed = plan.placed.length - written.placed
  const counts = { placed: written.placed, missed, left: plan.left.length }
  const hosts = new Set(plan.placed.map(({ host }) => host)).size
  work.log.info({ epoch: formatEpoch(claim.epoch), ...counts, hosts, ms: work.clock.now() - began }, 'placed')
  return { state: 'done', missed, more }
}

/** No group and no reservation binds machines together: the plan holds as well when only its beginning was written. */
const isPlain = ({ hosts, groups }: Snapshot): boolean =>
  groups.size === 0 && hosts.every(({ slots }) => slots === undefined)

/** The plan as places to write: those that got one, and those whose reasons to wait changed. */
function placingsOf({ hosts, machines }: Snapshot, plan: Plan, now: number): readonly Placing[] {
  const records = new Map(machines.map((record) => [record.id, record]))
  const views = new Map(hosts.map((host) => [host.id, host]))
  const placed = plan.placed.flatMap(({ machine, host, slot }) => {
    const record = records.get(machine)
    const view = views.get(host)
    return record && view ? [onHost(record, view, now, slot)] : []
  })
  const left = plan.left.flatMap(({ machine, waiting }) => {
    const record = records.get(machine)
    return record ? stillWaiting(record, waiting, now) : []
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
})

/** `slot`: of the reservation that it has a place of. */
const onHost = (record: ComputeRecord, host: HostView, now: number, slot: Slot | undefined): Placing =>
  placing(
    record,
    {
      ...{ host: host.id, hostName: host.name, zone: host.zone, simulated: host.simulated, at: now, waiting: null },
      ...(slot ? { reservation: { id: slot.reservation, name: slot.name, type: slot.size.type } } : {}),
    },
    {
      host: host.id,
      claim: formatClaim({ ...machineClaim(record.wish), ...(slot ? coverOf(slot) : {}) }),
      ...(record.wish.placementGroup ? { group: record.wish.placementGroup.id } : {}),
    },
  )

/** Written only when the reasons are others than those on the record; examples with other figures alone are none. */
function stillWaiting(record: ComputeRecord, reasons: Omit<Waiting, 'since'>, now: number): readonly Placing[] {
  const former = record.place.waiting
  const waiting: Waiting = { since: former?.since ?? now, ...reasons }
  if (former !== null && told(former) === told(waiting)) return []
  return [placing(record, { ...record.place, waiting }, null)]
}

const told = ({ reasons, wouldFit }: Waiting): string => JSON.stringify([Object.entries(reasons).sort(), wouldFit])
