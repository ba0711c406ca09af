/**
 * A machine on its way to another host: look at both, then one thing.
 *
 * Who is right: its own host has all of it until the other one has; the driver's move is repeatable under its intent's key and
 * ends with one of the two (driver.ts). Until then the place is where it is and both hosts hold its capacity.
 *
 * Why no older worker can do harm: every look is guarded, and both hosts are looked at under this claim before anything is
 * ordered, so at both an older one is refused from then on. Its volumes are claimed as well before they are taken along.
 *
 * Whatever is not wanted any more (deleted, another order, refused) is ended at its own host first; what the other host then
 * has of it is removed, unless all of it has arrived: then it is there, and goes on from there. Where only the other host can say
 * which, and is silent, that is waited for (other-decides.ts).
 */
import { formatEpoch } from '../../../src/model/epoch'
import type { MachineSighting } from '../../../src/model/machine'
import type { ComputeRecord, Intent, Moving } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import { cancel, write } from '../act'
import { LOOK_AGAIN_MS } from '../backoff'
import { removeOne } from '../leftovers'
import { isAbandoned } from '../place-given-up'
import { isNothing, runs, sighted } from '../seen'
import type { Next, Work } from '../work'
import { makeAnew } from './anew'
import { arrive } from './arrive'
import { fromGivenUp, isFromGivenUp } from './from-given-up'
import { type Both, lookAtBoth, type Peer } from './look-at-both'
import { type DrivenMove, itemOf, orderMove } from './order'
import { otherDecides } from './other-decides'
import { restartElsewhere } from './restart'
import { staying } from './stay'

/** Faults thrown: stale, busy. */
export async function moveOn(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  moving: Moving,
): Promise<Next> {
  if (isAbandoned(record)) return staying(work, claim, record, moving.level, null)
  if (await isFromGivenUp(work, record)) return fromGivenUp(work, claim, record, moving)
  const both = await lookAtBoth(work, claim, record, moving)
  if ('next' in both) return both.next
  const here = hasIt(both.here.machine) ? { ...record, seen: seenHere(work, record, both) } : record
  const { how } = moving
  if (how === 'restart') return restartElsewhere(work, claim, here, moving, both)
  if (how === 'anew') return makeAnew(work, claim, here, moving, both)
  const driven: DrivenMove = { ...moving, how }
  const intent = intentOf(record, moving)
  const isWanted = record.wish.exists && record.wish.move?.level === moving.level && intent?.outcome !== 'failed'
  const underWay = both.here.machine.work ?? both.there?.machine.work ?? null
  if (underWay !== null) return whileUnderWay(work, claim, here, both, isWanted && underWay.key === intent?.key)
  if (isThere(both, intent, isWanted)) return arrive(work, claim, record, moving, both)
  return isWanted ? goOn(work, claim, here, driven, both) : backOut(work, claim, here, moving, both)
}

/** Whether a host knows the machine, and not only some disk of it. */
const hasIt = (machine: MachineSighting): boolean => machine.id !== null

/** The intent of this very order; others were before it. */
const intentOf = ({ journal }: ComputeRecord, moving: Moving): Intent | undefined =>
  journal.intent?.step === 'move' && journal.intent.item === itemOf(moving) ? journal.intent : undefined

const seenHere = (work: Work, record: ComputeRecord, { here }: Both) =>
  sighted(record, here.machine, here.on, work.clock.now())

/** Detached work of this order goes on; any other is ended first, where it is. */
async function whileUnderWay(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  { here, there }: Both,
  isWanted: boolean,
): Promise<Next> {
  if (isWanted) {
    await write(work, claim, record, {})
    return { at: work.clock.now() + LOOK_AGAIN_MS }
  }
  const at = here.machine.work === null && there ? there : here
  const key = at.machine.work?.key ?? ''
  return cancel(work, claim, { record, ...at }, { kind: 'cancel', key, because: null })
}

/**
 * All of it has arrived: its own host has nothing left, or no more than a remainder once the outcome is known. One that runs
 * there and not here has arrived whatever is left here: never is the running one of two ended.
 */
function isThere({ here, there }: Both, intent: Intent | undefined, isWanted: boolean): boolean {
  if (!there || !hasIt(there.machine)) return false
  if (isNothing(here.machine)) return true
  const isKnown = !isWanted || intent?.outcome === 'done'
  return isKnown && (!hasIt(here.machine) || (runs(there.machine) && !runs(here.machine)))
}

/** The move is ordered, or ordered again while its outcome is unknown. */
function goOn(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  moving: DrivenMove,
  both: Both,
): Promise<Next> {
  const isAsked = intentOf(record, moving) !== undefined
  if (!both.there && !isAsked) return stay(work, claim, record, moving, 'the other host does not answer')
  return orderMove(work, claim, record, moving, both)
}

/** It stays: what the other host has of it goes first. A silent one that cannot have taken it over is cleared later, as any leftover is. */
async function backOut(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  moving: Moving,
  both: Both,
): Promise<Next> {
  const { there } = both
  const isOrdered = intentOf(record, moving) !== undefined
  const decided = await otherDecides(work, claim, record, moving, { ...both, isOrdered })
  if (decided !== undefined) return decided
  if (there && !isNothing(there.machine) && (await removeOne(work, claim, there))) {
    work.log.info({ vm: record.wish.name, epoch: formatEpoch(claim.epoch) }, 'backs out')
    return { at: work.clock.now() }
  }
  const trouble = record.journal.trouble
  const because = intentOf(record, moving)?.outcome === 'failed' && trouble?.step === 'move' ? trouble.message : null
  return stay(work, claim, record, moving, because)
}

const stay = (
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  moving: Moving,
  because: string | null,
): Promise<Next> => staying(work, claim, record, moving.level, because === null ? null : `it was not moved: ${because}`)

export type { Peer }
