/** Why a machine is where it is, or waits: host by host, for operators. */
import type { Money } from '../model/accounts'
import type { Lifecycle } from '../model/lifecycle'
import type { ComputeRecord } from '../model/records'

export interface ExplainedHost {
  readonly host: string
  readonly zone: string
  readonly because: readonly string[]
  /** What an hour of it costs there; null: nobody said, or it never fits. */
  readonly hour: Money | null
}

export interface Explanation {
  readonly record: ComputeRecord
  readonly state: Lifecycle
  readonly message: string | null
  /** Its turn among all that wait; null: it does not wait. */
  readonly queue: { readonly turn: number; readonly of: number } | null
  /** Every host, for operators: empty `because` where it fits. */
  readonly hosts: readonly ExplainedHost[]
  /** What its requirements say that their author may not have meant. */
  readonly warnings: readonly string[]
}
