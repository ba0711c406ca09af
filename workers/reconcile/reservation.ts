/**
 * The job of one reservation. What it holds was written with its wish; the job keeps that true: it ends what is over, finds other hosts for
 * places whose host is given up, and writes what its owner is to know. It changes claims only by scripts that name the revision of each
 * host's claims and the generation of the reservation, so it races with operations and placement without harm. Each step can be repeated.
 */
import { randomUUID } from 'node:crypto'
import { isLongSilent } from '../../src/model/host-records'
import {
  type ClaimedHost,
  claimedHostsOf,
  differing,
  holdingsOf,
  isCrowded,
  replan,
  withClaim,
} from '../../src/model/placement'
import { RESERVATION_KEPT_MS, type ReservationRecord, type ReservationSeen } from '../../src/model/records'
import { isLiving } from '../../src/model/reservations'
import { type Claim, NOBODY } from '../../src/store/store'
import { forgetNamed } from './forget'
import { settle } from './settle'
import { across, type Next, type Work } from './work'

/** How often the hosts of a living one are looked at, and how often while something stands in its way, ms. */
const LOOK_MS = 30_000
const TROUBLED_MS = 5_000

export async function reconcileReservation(work: Work, id: string): Promise<void> {
  const ref = { kind: 'reservation', id } as const
  const claim = await across(work, 'claim', ref, () => work.store.claim('reservation', id, work.clock.now()))
  if (!claim) return
  const now = work.clock.now()
  const next = isLiving(claim.record, now) ? await keep(work, claim, now) : await end(work, claim, now)
  await settle(work, claim, next)
}

async function read({ store }: Work): Promise<readonly ClaimedHost[]> {
  const hosts = await store.readAll('host')
  return claimedHostsOf(hosts, await store.hostClaims(hosts.map(({ id }) => id)))
}

/** Its hosts hold nothing for it any more, its project's limits count it no more; an hour later it is forgotten. */
async function end(work: Work, claim: Claim<'reservation'>, now: number): Promise<Next> {
  const { record } = claim
  const { goneAt } = record.seen
  if (goneAt === null) {
    const hosts = await read(work)
    const without = holdingsOf(record.id, hosts).reduce(
      (all, { host }) => withClaim(all, host.record.id, record.id, null),
      hosts,
    )
    if (!(await claimAnew(work, claim, hosts, without, 'reservation-over'))) return { at: now }
    const { count } = record.wish
    const seen: ReservationSeen = { held: 0, goneAt: now, gaveBack: count, message: null }
    const observation = { seen, counters: counted(record, -count), raisePhase: true, what: 'reservation-over' }
    await across(work, 'result', claim.ref, () => work.store.observe(claim, observation, now))
    work.log.info({ reservation: record.wish.name }, 'reservation over')
    return { at: now + RESERVATION_KEPT_MS }
  }
  if (now < goneAt + RESERVATION_KEPT_MS) return { at: goneAt + RESERVATION_KEPT_MS }
  return forgetNamed(work, claim, record.wish.name)
}

/** So many more places of its project's. */
const counted = ({ project, wish: { size } }: ReservationRecord, places: number) =>
  project === null || places === 0
    ? []
    : [
        { project, name: 'reservedInstances' as const, by: places },
        { project, name: 'reservedCores' as const, by: places * size.cores },
        { project, name: 'reservedMemoryMiB' as const, by: places * size.memoryMiB },
      ]

/** A gateway whose clock is behind put its end off when it was over here: what was given back is its project's again. */
const takenAgain = (record: ReservationRecord) =>
  record.seen.goneAt === null ? [] : counted(record, record.seen.gaveBack ?? record.wish.count)

/** Whether its claims are as they are to be now; false: something moved, or it was wished otherwise meanwhile. */
async function claimAnew(
  work: Work,
  { ref, generation }: Claim<'reservation'>,
  before: readonly ClaimedHost[],
  after: readonly ClaimedHost[],
  what: string,
): Promise<boolean> {
  const reclaims = differing(ref.id as ReservationRecord['id'], before, after)
  if (reclaims.length === 0) return true
  const wakes = [{ kind: 'placement', id: 'site' }] as const
  const change = { operationId: randomUUID(), actor: NOBODY, what, holds: [{ ref, generation }], reclaims, wakes }
  const { state } = await across(work, 'place', ref, () => work.store.change(change, work.clock.now()))
  if (state === 'done') await work.queue.add(wakes)
  return state === 'done'
}

/** A living one: its places are on hosts that serve, as far as there is room. */
async function keep(work: Work, claim: Claim<'reservation'>, now: number): Promise<Next> {
  const { record } = claim
  const hosts = await read(work)
  const { hosts: after, sound } = replan(record, hosts, (host) => isLost(host, now), now)
  if (!(await claimAnew(work, claim, hosts, after, 'reservation-moved'))) return { at: now }
  const begun = record.wish.startsAt <= now
  const clearing = begun && isCrowded(record.id, after, now)
  const missing = record.wish.count - sound
  const seen: ReservationSeen = {
    held: holdingsOf(record.id, after).reduce((sum, { claim: { held } }) => sum + held.slots, 0),
    goneAt: null,
    message: messageOf(missing, clearing),
    ...(clearing ? { clearing } : {}),
  }
  // A place may begin now: whoever waits for it is to have it.
  if (begun && record.seen.begun !== true) await tellPlacement(work, now)
  const written = { ...seen, ...(begun ? { begun: true as const } : {}) }
  if (JSON.stringify(written) !== JSON.stringify(record.seen)) {
    const observation = { seen: written, counters: takenAgain(record), raisePhase: true, what: 'reservation-seen' }
    await across(work, 'result', claim.ref, () => work.store.observe(claim, observation, now))
  }
  const times = [record.wish.startsAt, record.wish.endsAt ?? Number.POSITIVE_INFINITY].filter((at) => at > now)
  return { at: Math.min(now + (missing > 0 || clearing ? TROUBLED_MS : LOOK_MS), ...times) }
}

async function tellPlacement(work: Work, now: number): Promise<void> {
  const placement = [{ kind: 'placement', id: 'site' }] as const
  await work.store.wake(placement, now)
  await work.queue.add(placement)
}

const messageOf = (missing: number, clearing: boolean): string | null => {
  if (missing > 0)
    return `${missing} of its places ${missing === 1 ? 'is on a host that is' : 'are on hosts that are'} removed, drained, fenced or silent, and no other has room`
  return clearing ? 'machines that give way to it are being saved' : null
}

const isLost = ({ record }: ClaimedHost, now: number): boolean =>
  record.wish.removing ||
  record.wish.drain !== undefined ||
  (record.seen.fenced ?? null) !== null ||
  isLongSilent(record, now)
