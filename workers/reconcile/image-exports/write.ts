import type { ImageExportSeen } from '../../../src/model/records'
import type { Claim } from '../../../src/store/store'
import type { Work } from '../work'
import { writeSeen } from '../write-seen'

/** Writes what was seen; false: a newer claim came. */
export async function write(
  work: Work,
  claim: Claim<'imageexport'>,
  change: Partial<ImageExportSeen>,
  what: string,
): Promise<boolean> {
  const current = await work.store.read('imageexport', claim.ref.id)
  const seen: ImageExportSeen = { ...(current?.seen ?? claim.record.seen), at: work.clock.now(), ...change }
  return writeSeen(work, claim, seen, what)
}
