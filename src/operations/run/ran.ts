import type { ComputeRecord } from '../../model/records'

/** The machines of an order. */
export interface Ran {
  readonly computes: readonly ComputeRecord[]
  /** This client token was here before, and these are the first answer's machines. */
  readonly repeated: boolean
}
