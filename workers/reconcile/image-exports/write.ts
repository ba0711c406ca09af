import type { ImageExportSeen } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import { across, type Work } from '../work'

/** Writes what was seen; false: a newer claim came. */
export async function write(
  work: Work,
  claim: Claim<'imageexport'>,
  change: Partial<ImageExportSeen>,
  what: string,
): Promise<boolean> {
  const now = work.clock.now()
  const current = await work.store.read('imageexport', claim.ref.id)
  const seen: ImageExportSeen = { ...(current?.seen ?? claim.record.seen), at: now, ...change }
  return across(work, 'result', claim.ref, () => work.store.observe(claim, { seen, what }, now))
}
