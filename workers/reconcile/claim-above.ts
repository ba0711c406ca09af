/**
 * A host may know a newer epoch than the store: a backup was restored, or a failover lost the newest writes. Whoever finds that claims above it;
 * the first who does begins a new era by that (src/store/scripts/claim.lua), and every claim of the site is above all that hosts know.
 */
import { beginsAfter, compareEpochs, type Epoch, formatEpoch } from '../../src/model/epoch'
import type { Kind } from '../../src/model/ids'
import type { Claim } from '../../src/store/store'
import { across, type Work } from './work'

/** Claims it; `held`: an epoch that a host named, to be above. Undefined when the record is gone. */
export async function claimAbove<K extends Kind>(
  work: Work,
  kind: K,
  id: string,
  held: Epoch | undefined,
): Promise<Claim<K> | undefined> {
  const claim = await across(work, 'claim', { kind, id }, () => work.store.claim(kind, id, work.clock.now(), held))
  if (claim && held && beginsAfter(claim.epoch, held)) {
    const epochs = { held: formatEpoch(held), epoch: formatEpoch(claim.epoch) }
    work.log.warn({ kind, id, ...epochs }, 'a host knows a newer epoch than the store: a new era begins')
  }
  return claim
}

/** Whether nobody claimed it since. */
export async function stillNames(work: Work, { ref, epoch }: Claim): Promise<boolean> {
  const now = await work.store.read(ref.kind, ref.id)
  return now !== undefined && compareEpochs(now.epoch, epoch) === 0
}
