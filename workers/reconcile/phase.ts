/** Whether an observation moves the life cycle: verbs decided on the former name are then refused and tried again. */
import { lifecycle } from '../../src/model/lifecycle'
import type { ComputeRecord } from '../../src/model/records'

/** The wish may be newer than the claim's, and name the same sighting differently: a change of what runs counts as well. */
export const movesPhase = (before: ComputeRecord, after: Pick<ComputeRecord, 'seen' | 'journal'>): boolean =>
  lifecycle(before) !== lifecycle({ ...before, ...after }) ||
  before.seen.machine?.domain !== after.seen.machine?.domain ||
  before.seen.contact !== after.seen.contact
