/**
 * A machine that comes home: it is shut down and ended at its provider, and made anew from its image on a host here, under the same id.
 * What was on its disk is lost: its owner said that it may be.
 *
 * Why it never runs twice: the host here has its room claimed from the beginning, and gets nothing before a look by this very claim
 * showed nothing left at the provider; what an older order makes there later bears our mark, and the provider's poll ends it. Why it is
 * not lost: from the moment in which its end was ordered it goes through, whatever dies; its place changes only when nothing is there.
 */
import { tiedToProvider } from '../../../src/model/placement'
import type { ComputeRecord, Moving } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import { act } from '../act'
import { removeOne } from '../leftovers'
import { isNothing } from '../seen'
import type { Next, Work } from '../work'
import { arrive } from './arrive'
import type { Both } from './look-at-both'
import { downward } from './restart'
import { staying } from './stay'

/** `record` carries what was seen of it at the provider. Faults thrown: stale, busy. */
export async function makeAnew(
  work: Work,
  claim: Claim<'compute'>,
  record: ComputeRecord,
  moving: Moving,
  both: Both,
): Promise<Next> {
  const { here, there } = both
  const stays = (because: string | null) =>
    staying(work, claim, record, moving.level, because === null ? null : `it was not moved: ${because}`)
  if (!record.wish.exists) return stays(null)
  const decision = downward(record, here.machine, work.clock.now())
  const isBegun = decision.kind === 'leave' || isEnding(record, moving)
  if (!isBegun && record.wish.move?.level !== moving.level) return stays(null)
  const tie = isBegun ? undefined : tiedToProvider(claim.record)
  if (tie !== undefined) return stays(tie)
  if (!isBegun && !there) return stays('the other host does not answer')
  // A disk that it left behind here once is not what it is to start from.
  if (there && !isNothing(there.machine) && (await removeOne(work, claim, there))) return { at: work.clock.now() }
  if (decision.kind === 'leave') return arrive(work, claim, record, moving, both)
  const came = await act(work, claim, { record, ...here, decision }, decision)
  if (came === 'forgotten' || 'deed' in came) return { at: work.clock.now() }
  return came.at === null ? { at: work.clock.now() } : came
}

/** Its end was ordered since it set out: nothing brings it back. */
const isEnding = ({ journal: { intent } }: ComputeRecord, { since }: Moving): boolean =>
  intent !== null && intent.step === 'define' && intent.direction === 'down' && intent.at >= since
