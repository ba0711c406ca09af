/**
 * Machines that give their places to reservations. Placement decides and writes each step as a place: first that the machine is to be
 * saved (`parked`, and it waits for a place from then on), its own job then saves it as it would for its owner; once nothing of it runs, that it
 * claims its disk alone. When there is room again it is placed like any machine that waits, on the host where it was saved. Each
 * step names the machine's epoch and revision and the revision of its host's claims, so a crash anywhere leaves it to be done again.
 */
import { formatEpoch } from '../../../src/model/epoch'
import { endOf } from '../../../src/model/lease'
import {
  type ClaimedHost,
  claimedHostsOf,
  formatClaim,
  type HostClaim,
  type HostView,
  hostViews,
  parkedClaim,
} from '../../../src/model/placement'
import type { ComputeRecord, HostRecord, Parked } from '../../../src/model/records'
import type { Claim, HostClaims, Placing } from '../../../src/store/store'
import { giveWay, type Yielding } from '../../scheduler/give-way'
import { runs } from '../seen'
import { across, type Work } from '../work'
import { calmOf, SHARE } from './calm'

export interface Ground {
  readonly hosts: readonly HostRecord[]
  readonly held: readonly HostClaims[]
  readonly views: readonly HostView[]
  /** All that are in the queue, those too that have not left their place yet. */
  readonly queued: readonly ComputeRecord[]
  readonly now: number
}

export interface Given {
  /** 'wrote': what was read is old; 'in vain': others changed all that was to be written. */
  readonly came: 'wrote' | 'nothing' | 'in vain'
  /** When to look again at the latest, ms; null: nobody is to give way later. */
  readonly next: number | null
}

/** Faults thrown: 'unavailable'. */
export async function makeWay(work: Work, claim: Claim<'placement'>, ground: Ground): Promise<Given> {
  const { now } = ground
  const hosts = concerned(ground)
  if (hosts.length === 0) return { came: 'nothing', next: null }
  const known = await readYielding(work, hosts)
  // The queue is read from its oldest end only: one that is to go may be behind all that was read.
  const leaving = new Map([...ground.queued, ...known.values()].map((record) => [record.id, record]))
  const released = [...leaving.values()].flatMap((record) => release(record, hosts))
  const ended = ground.queued.flatMap((record) => giveBack(record, hosts, now))
  const rounds = hosts.map((host) => onHost(host, known, now))
  const placings = [...released, ...ended, ...rounds.flatMap(({ placings: some }) => some)]
  const times = rounds.flatMap(({ next }) => next ?? [])
  const next = times.length === 0 ? null : Math.min(...times)
  if (placings.length === 0) return { came: 'nothing', next }
  const written = await writeAll(work, claim, { hosts, placings, now })
  if (written.length === 0) return { came: 'in vain', next }
  await work.queue.add(written.map((id) => ({ kind: 'compute', id })))
  const gone = released.filter(({ ref }) => written.includes(ref.id)).length
  const counts = { parked: written.length - gone, released: gone }
  work.log.info({ epoch: formatEpoch(claim.epoch), ...counts }, 'gave way')
  return { came: 'wrote', next }
}

interface ToWrite {
  readonly hosts: readonly ClaimedHost[]
  readonly placings: readonly Placing[]
  readonly now: number
}

/**
 * Ids of those that were written: hosts that move all the time hold up no other, for the more of them there are the fewer go together. What
 * is left out the next pass has again.
 */
async function writeAll(
  work: Work,
  claim: Claim<'placement'>,
  { hosts, placings, now }: ToWrite,
): Promise<readonly string[]> {
  let left = placings
  let share = 1
  while (left.length > 0) {
    const some = left
    const touched = new Set(some.flatMap(hostsOf))
    const named = hosts
      .filter(({ record }) => touched.has(record.id))
      .map(({ record, revision }) => ({ host: record.id, revision }))
    const came = await across(work, 'place', claim.ref, () => work.store.place(claim, named, some, now))
    if (came.state !== 'moved') return came.state === 'done' ? came.placed : []
    left = calmOf(some, share, new Set([came.host]), hostsOf)
    share = SHARE
  }
  return []
}

const hostsOf = ({ on }: Placing): readonly string[] => (on ? [on.host] : [])

/** Hosts with free places of reservations, now or later, or with a machine on its way out; the claims of all others are not read. */
function concerned({ hosts, held, views, queued }: Ground): readonly ClaimedHost[] {
  const leaving = queued.flatMap((record) => {
    const { parked, host } = record.place
    return (parked && !parked.released) || isOver(record) ? [host] : []
  })
  const ids = new Set([
    ...leaving,
    ...views.flatMap((view) => (view.ahead || view.slots || view.leaving ? [view.id] : [])),
  ])
  if (ids.size === 0) return []
  const claims = new Map(held.map((one) => [one.host, one]))
  const its = hosts.filter(({ id }) => ids.has(id))
  return claimedHostsOf(
    its,
    its.map(({ id }) => claims.get(id)),
  )
}

async function readYielding(work: Work, hosts: readonly ClaimedHost[]): Promise<ReadonlyMap<string, ComputeRecord>> {
  const ids = hosts.flatMap(({ byId }) =>
    Object.keys(byId).filter((id) => (byId[id]?.yields !== undefined || byId[id]?.leaving) && byId[id]?.cores),
  )
  const found = ids.length === 0 ? [] : await work.store.readMany('compute', [...new Set(ids)])
  return new Map(found.flatMap((record) => (record ? [[record.id as string, record]] : [])))
}

interface Round {
  readonly placings: readonly Placing[]
  readonly next: number | null
}

function onHost(host: ClaimedHost, known: ReadonlyMap<string, ComputeRecord>, now: number): Round {
  const [view] = hostViews([host], now)
  const lacks = host.record.seen.capabilities?.lacks.some(({ verb }) => verb === 'suspend') === true
  const machines = Object.entries(host.byId).flatMap(([id, claim]) => {
    const record = known.get(id)
    return record && record.place.host === host.record.id && !record.place.moving ? [{ record, claim }] : []
  })
  // Who was told already gives way, whatever comes of the plan.
  const told = machines.filter(({ record }) => record.place.parked !== undefined)
  const others = machines.filter(
    ({ record, claim }) => record.place.parked === undefined && !isSoonGone(record, claim.yields),
  )
  const yielding = others.map(
    ({ record, claim }): Yielding => ({ id: record.id, claim, orderedAt: record.wish.createdAt }),
  )
  const claims = host.claims.filter((claim) => !told.some((one) => one.claim === claim))
  const given = view ? giveWay(view.usable, claims, yielding, now) : { now: [], next: null }
  const placings = given.now.flatMap(({ id, by }) => {
    const machine = others.find(({ record }) => record.id === id)
    return machine ? [aside(machine.record, machine.claim, { since: now, how: lacks ? 'off' : 'saved', by })] : []
  })
  return { placings: [...placings, ...told.flatMap(otherwise)], next: given.next }
}

/** One whose lease is over by the time from which it would give way ends by itself. */
const isSoonGone = (record: ComputeRecord, yields = 0): boolean => (endOf(record) ?? Number.POSITIVE_INFINITY) <= yields

/** The time of its lease is over, and it still has its place. */
const isOver = ({ wish, place }: ComputeRecord): boolean =>
  wish.exists && wish.lease?.over !== undefined && place.host !== null && !place.parked && !place.moving

function giveBack(record: ComputeRecord, hosts: readonly ClaimedHost[], now: number): readonly Placing[] {
  const claim = hosts.find((one) => one.record.id === record.place.host)?.byId[record.id]
  return claim && isOver(record) ? [aside(record, claim, { since: now, how: 'off', by: '' })] : []
}

/** It is to be saved, or shut down. */
function aside(record: ComputeRecord, claim: HostClaim, parked: Parked): Placing {
  const { reservation: _left, ...place } = record.place
  return placing(record, { ...place, parked, waiting: null }, { ...claim, leaving: true })
}

/** Its host refuses to save it again and again: it is shut down instead, and the reservation begins. */
function otherwise({
  record,
  claim,
}: {
  readonly record: ComputeRecord
  readonly claim: HostClaim
}): readonly Placing[] {
  const { parked } = record.place
  const refuses = record.journal.stuck?.step === 'suspend'
  return parked?.how === 'saved' && refuses ? [aside(record, claim, { ...parked, how: 'off' })] : []
}

/** Nothing of it runs any more: it claims its disk alone. */
function release(record: ComputeRecord, hosts: readonly ClaimedHost[]): readonly Placing[] {
  const { parked, host } = record.place
  const claim = hosts.find((one) => one.record.id === host)?.byId[record.id]
  const isGone = record.seen.host === host && record.seen.contact === 'ok' && !runs(record.seen.machine)
  if (!parked || parked.released || record.place.moving || !claim || !isGone || record.seen.machine?.work) return []
  // Who gave its cores and memory away is not counted until it is back.
  const { use, ...place } = record.place
  const released: Placing = {
    ...placing(record, { ...place, parked: { ...parked, released: true } }, parkedClaim(claim)),
    ...(use ? { endsUse: true } : {}),
  }
  // One that its owner does not want to run waits for nothing.
  const { waits: _waits, ...atRest } = released
  return [record.wish.power === 'on' ? released : atRest]
}

const placing = (record: ComputeRecord, place: ComputeRecord['place'], claim: HostClaim): Placing => ({
  ref: { kind: 'compute', id: record.id },
  project: record.project,
  epoch: record.epoch,
  rev: record.rev,
  place,
  raisePhase: true,
  on: { host: place.host ?? '', claim: formatClaim(claim) },
  waits: true,
})
