/** A machine that was on its way when its own host was given up (fenced): nothing runs there any more, so the other host decides. */
import type { ComputeRecord, Moving } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import { STUCK_MS, sinceSilent } from '../backoff'
import { TOLD, unanswered } from '../journal'
import { isNothing, runs } from '../seen'
import { across, type Next, type Work } from '../work'
import { arrive } from './arrive'
import { lookThere } from './look-at-both'
import { staying } from './stay'

const HALF = 'its host was given up while it was being moved, and what the other host has of it may not be whole'

/** Whether its own host was given up and is not heard of again. */
export async function isFromGivenUp(work: Work, { seen, place }: ComputeRecord): Promise<boolean> {
  if (seen.contact !== 'lost' || place.host === null) return false
  const host = await work.store.read('host', place.host)
  return host?.seen.fenced !== undefined && host.seen.fenced !== null && host.seen.contact === 'lost'
}

/**
 * It has arrived when it runs there, or when the move is known to be done. Where nothing of it is there, it stays on its given-up
 * host, and goes on as any other machine of it. Anything between is kept and told: nobody can say whether it is whole.
 */
export async function fromGivenUp(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  moving: Moving,
): Promise<Next> {
  // Nothing of such a one was there before it had arrived.
  if (moving.how === 'restart') return staying(work, claim, record, moving.level, null)
  const there = await lookThere(work, claim, record, moving)
  const now = work.clock.now()
  if ('fault' in there) {
    const journal = unanswered(record.journal, there.fault, 'move', now)
    await across(work, 'result', claim.ref, () => work.store.observe(claim, { journal, what: 'compute-silent' }, now))
    return { at: now + sinceSilent(now, journal.trouble?.at ?? now) }
  }
  const { intent, trouble } = record.journal
  const isDone = intent?.step === 'move' && intent.outcome === 'done' && there.machine.id !== null
  if (runs(there.machine) || isDone) return arrive(work, claim, record, moving, { there })
  // A disk on storage that both hosts have is seen there all along.
  const alone = { ...there.machine, disks: there.machine.disks.filter(({ pool }) => pool === undefined) }
  if (isNothing(alone)) return staying(work, claim, record, moving.level, null)
  if (trouble?.message !== HALF) {
    const journal = { ...record.journal, trouble: { kind: TOLD, message: HALF, step: 'move' as const, at: now } }
    await across(work, 'result', claim.ref, () =>
      work.store.observe(claim, { journal, what: 'compute-half-moved' }, now),
    )
  }
  return { at: now + STUCK_MS }
}
