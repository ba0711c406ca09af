/** What is used at the site: part of `Operations`. For operators alone; the fronts make sure of it. */

import type { ComputeRecord } from '../../model/records'
import type { KeptMachine, Point, Window } from '../../model/usage'
import type { CostReport } from '../accounts/operations'
import type { Operator } from '../context'
import type { HostWithUse } from '../hosts'

/** Everything at one moment, from the last look at each host. */
export interface SiteUsage {
  readonly at: number
  /** By name, each with its `latest` look. */
  readonly hosts: readonly HostWithUse[]
  /** In order of creation; those that are gone are left out. */
  readonly machines: readonly MachineInUse[]
  /** Names. */
  readonly projects: readonly string[]
  readonly backlog: { readonly entries: number; readonly due: number; readonly waiting: number }
  /** What was used this month, with what it costs. */
  readonly costs: CostReport
  /** Jobs in the queues; null where this gateway's queue does not tell. */
  readonly jobs: readonly JobCount[] | null
}

export interface MachineInUse {
  readonly record: ComputeRecord
  readonly project: string
  /** Its host's name. */
  readonly host: string | null
  /** null: it has no domain, or its host does not tell. */
  readonly kept: KeptMachine | null
}

export interface JobCount {
  readonly kind: string
  readonly state: 'waiting' | 'active'
  readonly count: number
}

export interface UsageOperations {
  /** Fault: 'unavailable'. */
  siteUsage(): Promise<SiteUsage>
  /** Means of the last hour (half minutes) or day (five minutes), oldest first. Faults: 'not-found', 'unavailable'. */
  usagePoints(
    operator: Operator,
    of: { readonly kind: 'host' | 'machine'; readonly name: string },
    window: Window,
  ): Promise<readonly Point[]>
}
