/** Whose machines are on a host, and whose are to be alone there: counts by project; '' is somebody whom nobody here knows. */
import type { HostClaim } from './claims'

export type Counts = Readonly<Record<string, number>>

export interface Tenants {
  /** Machines, and places promised; absent: there are none. */
  readonly tenants?: Counts | undefined
  /** Of these the machines that are to be alone; absent: there are none. */
  readonly keptFor?: Counts | undefined
}

/** One more of it, or (-1) one less; undefined: nothing is left. */
export function counted(counts: Counts = {}, of: string, by: 1 | -1): Counts | undefined {
  const { [of]: now = 0, ...others } = counts
  const next = now + by > 0 ? { ...others, [of]: now + by } : others
  return Object.keys(next).length === 0 ? undefined : next
}

/** By what is claimed there. Volumes are nobody's machines. `foreign`: domains there that are nobody's here. */
export function tenantsIn(claims: readonly HostClaim[], foreign: number): Tenants {
  const tenants: Record<string, number> = foreign > 0 ? { '': foreign } : {}
  let keptFor: Counts | undefined
  for (const { cores, held, project, alone } of claims) {
    if (cores === 0 && project === undefined) continue
    const tenant = held?.project ?? project ?? ''
    tenants[tenant] = (tenants[tenant] ?? 0) + 1
    if (alone) keptFor = counted(keptFor, tenant, 1)
  }
  return {
    ...(claims.length > 0 || foreign > 0 ? someOf(tenants) : {}),
    ...(keptFor === undefined ? {} : { keptFor }),
  }
}

const someOf = (tenants: Counts): Pick<Tenants, 'tenants'> => (Object.keys(tenants).length > 0 ? { tenants } : {})

/** Whether one is there, or is to come, who was to be alone, and somebody else too. */
export function isIntruded(claims: readonly HostClaim[]): boolean {
  const { tenants, keptFor } = tenantsIn(claims, 0)
  return Object.keys(keptFor ?? {}).some((project) => isOfOthers(tenants, project))
}

/** Whether anything in it is not of this project. */
export const isOfOthers = (counts: Counts | undefined, project: string | null): boolean => {
  for (const tenant in counts) if (tenant !== project) return true
  return false
}
