/** What operators do to have machines leave their hosts: part of `Operations`. */
import type { ComputeRecord, HostRecord, Leaver } from '../../model/records'
import type { Operator } from '../context'

/** How far a host is on its way to be empty. */
export interface DrainProgress {
  readonly host: HostRecord
  /** none: it is not drained. drained: nothing is left there. */
  readonly state: 'none' | 'draining' | 'drained'
  /** Machines that are still there. */
  readonly machines: readonly Leaver[]
  /** Volumes that lie there and go with no machine. */
  readonly volumes: readonly { readonly name: string; readonly message: string }[]
}

export interface RelocationOperations {
  /**
   * It takes no machines any more, and those that it has go elsewhere, `parallel` at a time. Drained already: the number changes.
   * Faults: 'not-found', 'invalid', 'state' (it is being removed), 'conflict', 'unavailable'.
   */
  drainHost(operator: Operator, name: string, order: { readonly parallel?: number }): Promise<HostRecord>
  /** Machines that are on their way arrive; the others stay, and it is enabled or disabled as before. Faults: 'not-found', 'state'. */
  cancelDrain(operator: Operator, name: string): Promise<HostRecord>
  /** Fault: 'not-found'. */
  drainProgress(operator: Operator, name: string): Promise<DrainProgress>
  /** It is placed anew, anywhere but where it is, as soon as that is possible. Faults: 'not-found', 'state' while it has no place. */
  reschedule(operator: Operator, nameOrId: string): Promise<ComputeRecord>
}
