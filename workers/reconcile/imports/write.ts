import type { ImportSeen } from '../../../src/model/image-records'
import type { Claim } from '../../../src/store/store'
import { across, type Work } from '../work'

/**
 * Writes what was seen; false: a newer claim came, or it was cancelled since this one. Cancelling raises no epoch and its job waits for
 * this one to end, so what takes long learns of it here.
 */
export async function write(
  work: Work,
  claim: Claim<'imageimport'>,
  change: Partial<ImportSeen>,
  what: string,
): Promise<boolean> {
  const now = work.clock.now()
  const current = await work.store.read('imageimport', claim.ref.id)
  if (claim.record.wish.exists && current?.wish.exists === false) return false
  const seen: ImportSeen = { ...(current?.seen ?? claim.record.seen), at: now, ...change }
  return across(work, 'result', claim.ref, () => work.store.observe(claim, { seen, what }, now))
}
