/**
 * A host's watch takes no order that is older than the last one, and says nothing of it: it would be granted no more time, and end all that is
 * marked. It tells which epoch it goes by, and this is what is done where that is newer than the claim whose order was just brought.
 *
 * Nobody else wrongs us there: a newer claim of the host takes this one's place in the record before its order goes out, and then it is merely
 * us who are late. Where the record still names this claim, the store has lost what the host knows: a backup was restored.
 */
import { compareEpochs } from '../../../src/model/epoch'
import type { WatchSighting } from '../../../src/model/fencing'
import type { Claim } from '../../../src/store/store'
import { claimAbove, stillNames } from '../claim-above'
import type { Work } from '../work'

/** The claim is over if it rises: the host is due at once, and the next one's order is taken. */
export async function riseAbove(work: Work, claim: Claim<'host'>, watch: WatchSighting | undefined): Promise<void> {
  const held = watch?.epoch
  if (held === undefined || compareEpochs(held, claim.epoch) <= 0) return
  if (await stillNames(work, claim)) await claimAbove(work, 'host', claim.ref.id, held)
}
