/** A rule that a host must pass to take a machine. It says why it refuses. */
import type { Demand, HostView } from '../demand'

export interface Filter {
  /** File and rule: `enough-memory`. */
  readonly name: string
  /** The refusal in words that tenants may read: counted per reason, never a host's name. */
  readonly reason: string
  /** true, or why not, with figures, for operators. */
  admits(machine: Demand, host: HostView): true | string
}
