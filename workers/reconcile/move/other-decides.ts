/**
 * A move that nobody wants any more, while the other host is silent and the machine is perhaps that one's already: its own host has
 * nothing of it, or has begun to hand it over and does not know what came of that. What it wrote since would be lost if the machine
 * were said to be here, so nothing is said before the other host answers.
 *
 * Why nobody waits for ever: a host on which it holds room is not removed, and when an operator gives it up it runs no more there. One
 * that has handed over nothing then stays; one of which nothing is left here is there, wherever that is.
 */
import type { ComputeRecord, Moving } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import { write } from '../act'
import { sinceSilent } from '../backoff'
import { isEnded } from '../fencing/after-fence'
import type { Next, Work } from '../work'
import { arrive } from './arrive'
import type { Both } from './look-at-both'

const SILENT =
  'the other host does not answer, and only that one knows whether it took the machine: it goes on when that host answers, or is fenced'

/** Undefined: the other host has no say in it. `isOrdered`: it was told to go there. */
export async function otherDecides(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  moving: Moving,
  { here, there, isOrdered }: Both & { readonly isOrdered: boolean },
): Promise<Next | undefined> {
  const isGone = here.machine.id === null
  if (there || !record.wish.exists || !isOrdered || !(isGone || here.machine.handing)) return undefined
  if (!(await isGivenUp(work, record, moving))) return waits(work, claim, record)
  return isGone ? arrive(work, claim, record, moving, { there: undefined }) : undefined
}

async function isGivenUp(work: Work, record: ComputeRecord, { to }: Moving): Promise<boolean> {
  const host = await work.store.read('host', to.host)
  return Boolean(host?.seen.fenced && host.seen.contact === 'lost' && isEnded(record, host, host.seen.fenced))
}

/** Told once, looked for again with growing delays. */
async function waits(work: Work, claim: Claim<'compute'>, record: ComputeRecord): Promise<Next> {
  const now = work.clock.now()
  const former = record.journal.trouble
  const trouble =
    former?.message === SILENT ? former : { kind: 'unreachable', message: SILENT, step: 'move' as const, at: now }
  await write(work, claim, record, { journal: { ...record.journal, trouble } }, 'compute-half-moved')
  return { at: now + sinceSilent(now, trouble.at) }
}
