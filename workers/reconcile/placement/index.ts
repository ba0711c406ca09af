/**
 * The placement job of the site: a snapshot of hosts, claims and waiting machines; a pure plan; scripts that claim, a thousand
 * machines each.
 *
 * One placement job is current, the newest claim; an older one's script is refused. Each names the revision of each host that
 * it gives machines to and is refused when one moved; then it reads again, with fewer machines each time, so that it gets
 * through however busy the site is. What others change faster than it is read and written is left to another pass: one that wrote nothing
 * at all comes again later and later.
 */
import { formatEpoch } from '../../../src/model/epoch'
import type { Ref } from '../../../src/model/ids'
import type { ComputeRecord } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import { MOST_PLACED } from '../../scheduler/place'
import { placeThriftilyInSteps } from '../../scheduler/thrift'
import { afterFailures } from '../backoff'
import { settle } from '../settle'
import { across, type Work } from '../work'
import { type Given, makeWay } from './give-way'
import { tendLeases } from './leases'
import { type PlanInParts, planInParts } from './parts'
import { placingsFrom } from './placings'
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
  const { next, isInVain } = await placeWaiting(work, claim)
  const inVain = isInVain ? (claim.record.journal?.inVain ?? 0) + 1 : 0
  await keepCount(work, claim, inVain)
  const wait = inVain === 0 ? next : Math.min(next ?? PERIOD_MS, PERIOD_MS, afterFailures(inVain))
  await settle(work, claim, { at: wait === null ? null : work.clock.now() + wait })
}

async function keepCount(work: Work, claim: Claim<'placement'>, inVain: number): Promise<void> {
  if (inVain === (claim.record.journal?.inVain ?? 0)) return
  const observation = { journal: { inVain }, what: '' }
  await across(work, 'result', claim.ref, () => work.store.observe(claim, observation, work.clock.now()))
}

interface Pass {
  /** ms until it is worth while again; null: nothing waits. */
  readonly next: number | null
  readonly isInVain: boolean
}

/** Places what fits. */
async function placeWaiting(work: Work, claim: Claim<'placement'>): Promise<Pass> {
  let batch = MOST_PLANNED
  let hasWritten = false
  let next: number | null = null
  for (let round = 0; round < ROUNDS; round += 1) {
    const came = await placeBatch(work, claim, batch)
    if (came.state === 'superseded') return { next: PERIOD_MS, isInVain: false }
    if (came.state === 'moved') batch = Math.max(1, Math.floor(Math.min(batch, MOST_PLACED) / 4))
    if (came.state === 'again') hasWritten = true
    if (came.state !== 'done') continue
    const now = work.clock.now()
    if (came.missed === 0) return { next: soonest(came, now), isInVain: false }
    if (came.placed > 0) hasWritten = true
    next = came.gives !== null && came.gives > now ? came.gives - now : null
  }
  return hasWritten ? { next: 0, isInVain: false } : { next, isInVain: true }
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
      readonly placed: number
      /** Machines that changed while they were being placed, leases and who gives way among them: they are placed with the next batch. */
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
  const { free: machines } = snapshot
  await endWaiting(work, snapshot.givenUp)
  const { came, next: gives } = await tend(work, claim, snapshot)
  if (came === 'wrote') return { state: 'again' }
  const untended = came === 'in vain' ? 1 : 0
  const queued = snapshot.ground.queued.some(isLeaving) ? 'later' : 'none'
  if (machines.length === 0) return { state: 'done', placed: 0, missed: untended, more: queued, gives }
  const { parts, made } = plannedFor(snapshot, batch, began)
  const many = machines.length > MOST_PLACED ? 'some' : 'one'
  const written = await writePlacings(work, claim, { snapshot, parts, many, now: began })
  if (written.state !== 'done') return { state: written.state }
  const { left, isCut } = made
  const missed = made.placed - written.placed
  if (made.placings > 0) {
    const counts = { placed: written.placed, missed, left, hosts: made.hosts.size }
    work.log.info({ epoch: formatEpoch(claim.epoch), ...counts, ms: work.clock.now() - began }, 'placed')
  }
  const more = isCut ? 'now' : left > 0 ? 'later' : queued
  return { state: 'done', placed: written.placed, missed: missed + untended, more, gives }
}

/** Who gives way, and who has terms: both come before what is placed as it comes. */
async function tend(work: Work, claim: Claim<'placement'>, snapshot: Snapshot): Promise<Given> {
  const way = await makeWay(work, claim, snapshot.ground)
  if (way.came === 'wrote') return way
  const leases = await tendLeases(work, claim, snapshot)
  const times = [way.next, leases.next].filter((at) => at !== null)
  const came = leases.came === 'nothing' ? way.came : leases.came
  return { came, next: times.length === 0 ? null : Math.min(...times) }
}

/** Those that were given up take themselves off the waiting list, each in its own job. */
async function endWaiting(work: Work, givenUp: readonly ComputeRecord[]): Promise<void> {
  if (givenUp.length === 0) return
  const refs = givenUp.map(({ id }): Ref => ({ kind: 'compute', id }))
  await work.store.wake(refs, work.clock.now())
  await work.queue.add(refs)
}

/** A plan for so many machines, or for as many as one script writes where it holds as a whole only. */
function plannedFor(snapshot: Snapshot, batch: number, now: number): PlanInParts {
  const { hosts, free: machines } = snapshot
  const [most, how] = isPlain(snapshot)
    ? ([batch, 'as it is made'] as const)
    : ([Math.min(batch, MOST_PLACED), 'as a whole'] as const)
  return planInParts(placeThriftilyInSteps({ hosts, machines }, most), placingsFrom(snapshot, now), how)
}

/** No group and no reservation binds machines together: the plan holds as well when only its beginning was written. */
const isPlain = ({ hosts, groups }: Snapshot): boolean =>
  groups.size === 0 && hosts.every(({ slots }) => slots === undefined)
