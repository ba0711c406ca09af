/**
 * How a job works under its claim: what it comes to is settled; work that another one has there is looked at again in
 * a moment. Where a host's guard knows a newer claim there are two cases. Somebody claimed the record since: that job
 * goes on, and to claim again would be to overtake it in turn. Or the record still names this claim: what the guard
 * holds is of a job of another record on the same resource (a snapshot of a machine's disk), or of a store that has
 * been lost since; then this job begins anew above both, once.
 */
import { asFault, type Fault } from '../../src/faults'
import { formatEpoch, parseEpoch } from '../../src/model/epoch'
import type { Kind } from '../../src/model/ids'
import type { Claim } from '../../src/store/store'
import { LOOK_AGAIN_MS } from './backoff'
import { claimAbove, stillNames } from './claim-above'
import { settle } from './settle'
import type { Next, Work } from './work'

/** Faults thrown: what `pursue` throws, but for 'busy' and 'stale'. */
export async function underClaim<K extends Kind>(
  work: Work,
  kind: K,
  id: string,
  pursue: (claim: Claim<K>) => Promise<Next>,
): Promise<void> {
  const first = await claimAbove(work, kind, id, undefined)
  if (first === undefined) return
  const stale = await settled(work, first, pursue)
  if (stale === undefined || !(await isToGoOn(work, first, stale))) return
  const second = await claimAbove(work, kind, id, parseEpoch(stale.detail.held ?? ''))
  if (second === undefined) return
  const again = await settled(work, second, pursue)
  // Two jobs of one resource that overtake each other: the other one is let through first.
  if (again !== undefined && (await isToGoOn(work, second, again))) await settle(work, second, inAMoment(work))
}

const inAMoment = (work: Work): Next => ({ at: work.clock.now() + LOOK_AGAIN_MS })

/** The fault where a guard knows a newer claim: then nothing is settled. */
async function settled<K extends Kind>(
  work: Work,
  claim: Claim<K>,
  pursue: (claim: Claim<K>) => Promise<Next>,
): Promise<Fault | undefined> {
  let next: Next
  try {
    next = await pursue(claim)
  } catch (thrown) {
    const fault = asFault(thrown)
    if (fault.kind === 'stale') return fault
    if (fault.kind !== 'busy') throw thrown
    next = inAMoment(work)
  }
  await settle(work, claim, next)
  return undefined
}

async function isToGoOn(work: Work, claim: Claim, { detail }: Fault): Promise<boolean> {
  const mine = await stillNames(work, claim)
  const { wish } = claim.record
  const name = wish !== null && 'name' in wish ? wish.name : undefined
  work.log.info({ ...claim.ref, name, epoch: formatEpoch(claim.epoch), held: detail.held, mine }, 'stale')
  return mine
}
