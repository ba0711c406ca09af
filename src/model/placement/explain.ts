/** Why a machine can or cannot be on each host: the whole table, computed when asked (operators only: it names hosts). */
import type { Demand, HostView } from './demand'
import { FILTERS } from './filters'

export interface Verdict {
  readonly host: string
  readonly zone: string
  /** Every rule that refuses, with figures; empty where it fits. */
  readonly because: readonly string[]
}

/** One verdict per host, in the order given. */
export const explain = (machine: Demand, hosts: readonly HostView[]): readonly Verdict[] =>
  hosts.map((host) => ({
    host: host.name,
    zone: host.zone,
    because: FILTERS.map((filter) => filter.admits(machine, host)).filter((said) => said !== true),
  }))
