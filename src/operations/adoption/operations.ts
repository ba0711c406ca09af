/** What operators do with domains that nobody ordered: part of `Operations`. */
import type { ComputeRecord, ForeignLookRecord } from '../../model/records'
import type { Operator } from '../context'

export interface AdoptOrder {
  /** The host's name. */
  readonly host: string
  /** Id of a look at the domain, of a few minutes ago at most. */
  readonly look: string
  /** Whose it is from then on, by name. */
  readonly project: string
  /** Its title and its tag `Name`; the domain's name where nothing is said. */
  readonly name?: string
  /** An instance type of its cores and memory; where nothing is said one that has both, if there is one. */
  readonly type?: string
  /** The network of its interfaces, by name; where nothing is said the only one on their bridge. */
  readonly network?: string
  /** IPv4 address of its first interface, or `none`; where nothing is said the one that its host knows. */
  readonly address?: string
  readonly dryRun?: boolean
}

export interface AdoptionOperations {
  /** A worker looks at it; what it found comes with `foreignLook`. Faults: 'not-found', 'exists', 'conflict', 'unsupported', 'unavailable'. */
  lookAtForeign(operator: Operator, host: string, domain: string): Promise<ForeignLookRecord>
  /** Its `seen` is null until a worker has looked. Fault: 'not-found'. */
  foreignLook(operator: Operator, id: string): Promise<ForeignLookRecord>
  /**
   * The domain is a machine of the project from then on; a worker tells its host so. Faults: 'not-found' (host, project, type,
   * network, look), 'state', 'refused' (what cannot be taken over, by name), 'exists', 'invalid', 'quota', 'conflict', 'unavailable'.
   */
  adoptDomain(operator: Operator, order: AdoptOrder): Promise<ComputeRecord>
}
