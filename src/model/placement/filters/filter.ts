/** A rule that a host must pass to take a machine. It says why it refuses. */
import type { Demand, HostView } from '../demand'

export interface Filter {
  /** File and rule: `enough-memory`. */
  readonly name: string
  /** The refusal in words that tenants may read: counted per reason, never a host's name. */
  readonly reason: string
  /**
   * What of a machine it looks at; of the host it then looks at nothing that changes while a plan is made, so that its verdict is
   * asked for once for each host and kept for all such machines. Absent: it is asked again after each placement on the host.
   */
  readonly reads?: readonly (keyof Demand)[]
  /**
   * Which hosts it may refuse at all, whatever the machine: all others it admits. Of the host it looks at nothing that changes while a
   * plan is made. Absent: any host.
   */
  readonly concerns?: (host: HostView) => boolean
  /** A placement on a host can only make it refuse more there, as what counts what is left does. Absent: it may let in again. */
  readonly narrows?: true
  /** true, or why not, with figures, for operators. */
  admits(machine: Demand, host: HostView): true | string
}
