/** What a plan comes to, machine by machine: places, what they claim, what is promised, and what is told to who waits. */
import { beginUse } from '../../../src/model/accounts'
import type { HostId } from '../../../src/model/ids'
import { ranOf } from '../../../src/model/lease'
import {
  bookingClaim,
  bookingKey,
  type HostClaim,
  type HostView,
  machineClaim,
  staying,
  toldAhead,
} from '../../../src/model/placement'
import type { Booked, ComputePlace, ComputeRecord, LeasePlace, Waiting } from '../../../src/model/records'
import type { LeasePlan, Segment } from '../leases'
import { inMs, type Party, type Waiter } from './ground'

/** A claim of a host as it is to be; null: it goes. */
export interface Written {
  readonly host: HostId
  readonly key: string
  readonly claim: HostClaim | null
}

export interface MachineStep {
  readonly record: ComputeRecord
  readonly place: ComputePlace
  /** The host on which it begins now; absent: it goes on waiting. */
  readonly on?: { readonly host: HostId; readonly claim: HostClaim }
  readonly promises: readonly Written[]
}

/** What is done for one lease, all of it or none. */
export interface LeaseStep {
  readonly party: Party
  readonly what: 'begin' | 'book' | 'refuse' | 'wait'
  readonly machines: readonly MachineStep[]
}

type Told = Pick<Waiting, 'lease' | 'ahead'>

/** Steps in the order in which they are to be taken: nothing for a lease of which the plan says nothing new. */
export function stepsOf(
  plan: LeasePlan,
  parties: readonly Party[],
  { views, now }: { readonly views: ReadonlyMap<HostId, HostView>; readonly now: number },
): readonly LeaseStep[] {
  const begins = new Map([...plan.start, ...plan.resume].map(({ lease, segment }) => [lease, segment]))
  const accepted = new Map(plan.accepted.map(({ lease, booked }) => [lease, booked]))
  const rejected = new Map(plan.rejected.map((one) => [one.lease, one]))
  const broken = new Map(plan.broken.map(({ lease, reason }) => [lease, reason]))
  const waiting = new Map(plan.waiting.map((one) => [one.lease, one]))
  return parties.map((party): LeaseStep => {
    const segment = begins.get(party.id)
    const booked = accepted.get(party.id)
    const each = (what: LeaseStep['what'], step: (waiter: Waiter, at: number) => MachineStep): LeaseStep => ({
      party,
      what,
      machines: party.members.map(step),
    })
    if (isMissed(party, now)) return each('refuse', (waiter) => refuse(waiter, MISSED, now))
    if (segment) return each('begin', (waiter, at) => begin(waiter, at, { segment, booked, views, now }))
    if (booked) return each('book', (waiter, at) => book(waiter, at, booked, now))
    const refused = rejected.get(party.id)
    if (refused) return each('refuse', (waiter) => refuse(waiter, refused.reason, now))
    const turn = waiting.get(party.id)
    const told: Told =
      turn === undefined
        ? { lease: plannedFor(party, broken.get(party.id), now) }
        : {
            lease: { says: turn.reason, at: turn.earliestStart === null ? null : inMs(turn.earliestStart) },
            ...aheadOf(turn.place),
          }
    return each('wait', ({ record }) => wait(record, told, now))
  })
}

const PLANNED = 'its lease is planned'
const DUE = 'its lease is due, and its place is being cleared'

const aheadOf = (place: number): Pick<Waiting, 'ahead'> => (place > 1 ? { ahead: toldAhead(place - 1) } : {})

function plannedFor(
  { members: [first] }: Party,
  broken: string | undefined,
  now: number,
): NonNullable<Waiting['lease']> {
  const begins = first?.record.place.lease?.booked?.[0]
  if (broken !== undefined) return { says: broken, at: null }
  return begins && begins.from <= now ? { says: DUE, at: null } : { says: PLANNED, at: begins?.run ?? null }
}

interface Begin {
  readonly segment: Segment
  /** Promised by the same plan. */
  readonly booked: readonly Segment[] | undefined
  readonly views: ReadonlyMap<HostId, HostView>
  readonly now: number
}

function begin(waiter: Waiter, at: number, { segment, booked, views, now }: Begin): MachineStep {
  const { record } = waiter
  const host = segment.nodes[at] ?? ('' as HostId)
  const view = views.get(host)
  const lease = record.wish.lease ?? {}
  const all = booked ? bookedFor(booked, at) : openOf(record, now)
  // The stretch that begins is the first one: it is held by the machine itself from now on.
  const [first, ...rest] = all
  const ahead = first && inMs(segment.from) >= first.from ? rest : all
  const ran = ranOf(record.place, now)
  const run = inMs(segment.run)
  const ends = endsOf(segment, { run, ran, seconds: lease.seconds })
  const planned: LeasePlace = {
    ...(ahead.length > 0 ? { booked: ahead } : {}),
    ...(ran > 0 ? { ran } : {}),
    run,
    ...(ends === undefined ? {} : { ends }),
  }
  const givesWay = lease.preemptible === true && lease.deadline === undefined && typeof lease.start !== 'number'
  const yields = givesWay ? 0 : segment.to === null ? undefined : inMs(segment.to)
  return {
    record,
    place: {
      host,
      hostName: view?.name ?? null,
      zone: view?.zone ?? null,
      simulated: view?.simulated ?? false,
      at: now,
      waiting: null,
      lease: planned,
      use: beginUse(record.wish, now),
    },
    on: { host, claim: { ...staying(machineClaim(record)), ...(yields === undefined ? {} : { yields }) } },
    promises: promisesOf(waiter, ahead),
  }
}

function endsOf(
  { ends, stop }: Segment,
  { run, ran, seconds }: { readonly run: number; readonly ran: number; readonly seconds: number | undefined },
): number | undefined {
  if (ends === 'done') return stop === null ? undefined : inMs(stop)
  return seconds === undefined ? undefined : run + inMs(seconds - ran)
}

function book(waiter: Waiter, at: number, segments: readonly Segment[], now: number): MachineStep {
  const { record } = waiter
  const booked = bookedFor(segments, at)
  const place = { ...record.place, lease: { ...record.place.lease, booked } }
  return {
    record,
    place: { ...place, waiting: waitingOf(record, { lease: { says: PLANNED, at: booked[0]?.run ?? null } }, now) },
    promises: promisesOf(waiter, booked),
  }
}

const bookedFor = (segments: readonly Segment[], at: number): readonly Booked[] =>
  segments.map(({ nodes, lead, from, run, stop, to, ends }, number) => ({
    number,
    host: nodes[at] ?? ('' as HostId),
    lead,
    from: inMs(from),
    run: inMs(run),
    stop: stop === null ? null : inMs(stop),
    to: to === null ? null : inMs(to),
    ends,
  }))

/** Claims for what is promised from now on, in place of those for what was. */
function promisesOf({ record, demand }: Waiter, after: readonly Booked[]): readonly Written[] {
  const before = record.place.lease?.booked ?? []
  const written = (one: Booked, claim: HostClaim | null): Written => ({
    host: one.host,
    key: bookingKey(record.id, one),
    claim,
  })
  const stays = (one: Booked): boolean => after.some(({ number, host }) => number === one.number && host === one.host)
  return [
    ...before.filter((one) => !stays(one)).map((one) => written(one, null)),
    ...after
      .filter((one) => !before.some((other) => JSON.stringify(other) === JSON.stringify(one)))
      .map((one) => written(one, bookingClaim(record, demand.size, one))),
  ]
}

/** Promised, and not over. */
const openOf = ({ place }: ComputeRecord, now: number): readonly Booked[] =>
  (place.lease?.booked ?? []).filter(({ to }) => to === null || to > now)

function refuse(waiter: Waiter, reason: string, now: number): MachineStep {
  const { record } = waiter
  const refused = `its lease cannot be kept: ${reason}`
  const gaveUp = { at: now, afterSeconds: 0, retries: record.wish.retries, refused }
  const { lease: _planned, ...place } = record.place
  return {
    record,
    place: { ...place, waiting: { ...waitingOf(record, { lease: { says: reason, at: null } }, now), gaveUp } },
    promises: promisesOf(waiter, []),
  }
}

const MISSED = 'its time went by before it could begin'

function isMissed({ members: [first] }: Party, now: number): boolean {
  const { start, seconds } = first?.record.wish.lease ?? {}
  return typeof start === 'number' && seconds !== undefined && start + 1000 * seconds <= now
}

const wait = (record: ComputeRecord, told: Told, now: number): MachineStep => ({
  record,
  place: { ...record.place, waiting: waitingOf(record, told, now) },
  promises: [],
})

/** It is booked and its time has come, and its place is not free yet. */
export const delayed = (party: Party, now: number): LeaseStep => ({
  party,
  what: 'wait',
  machines: party.members.map(({ record }) => wait(record, { lease: { says: DUE, at: null } }, now)),
})

/** A group of which some are missing. */
export const incomplete = (party: Party, of: number, now: number): LeaseStep => ({
  party,
  what: 'wait',
  machines: party.members.map(({ record }) =>
    wait(
      record,
      { lease: { says: `${party.members.length} of the ${of} machines of its group are there`, at: null } },
      now,
    ),
  ),
})

function waitingOf(record: ComputeRecord, told: Told, now: number): Waiting {
  const former = record.place.waiting
  const since = former === null || former.gaveUp !== undefined ? now : former.since
  return { since, reasons: {}, examples: [], wouldFit: '', ...told }
}

/** Whether a machine that waits is told the same as before: times that moved by less than a minute are the same. */
export function isAsTold({ record, place }: MachineStep): boolean {
  const [before, after] = [record.place.waiting, place.waiting]
  if (before === null || after === null || before.gaveUp !== undefined) return false
  const times = [before.lease?.at ?? null, after.lease?.at ?? null] as const
  const sameTime =
    times[0] === times[1] || (times[0] !== null && times[1] !== null && Math.abs(times[0] - times[1]) < 60_000)
  return sameTime && before.lease?.says === after.lease?.says && before.ahead === after.ahead
}
