import type { Kind } from '../../src/model/ids'
import type { RecordOf } from '../../src/model/records'
import type { Claim } from '../../src/store/store'
import { across, type Work } from './work'

/** Writes what was seen, and nothing else; false: a newer claim came. `what`: for the event, '' when it is no news. */
export const writeSeen = <K extends Kind>(
  work: Work,
  claim: Claim<K>,
  seen: RecordOf[K]['seen'],
  what: string,
): Promise<boolean> =>
  across(work, 'result', claim.ref, () => work.store.observe(claim, { seen, what }, work.clock.now()))
