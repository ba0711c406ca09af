/** What stands in a machine's journal of what went wrong. */
import type { StepName } from './step-names'

/** Tried again by itself. */
export interface Trouble {
  readonly kind: string
  readonly message: string
  readonly step: StepName | 'place' | 'look'
  readonly at: number
}

/** Tried again only where an operator raises `wish.retries`. */
export interface Failure {
  readonly message: string
  readonly at: number
  readonly retries: number
  /** Its provider shows it no more and does not say that it was ended: should it be shown again, nothing failed. */
  readonly unshown?: true
}
