/** What of an account is this site's: each machine, and what is there once too often. Pure. */
import { fault } from '../../../../src/faults'
import type { DomainState, MachineSighting } from '../../../../src/model/machine'
import type { Surplus } from '../../../../src/model/providers/target'
import { byClaim } from '../by-claim'
import type { Compute } from './api/compute'
import { type Mark, markIn } from './marks'

export interface OurCompute extends Compute {
  /** Its location: of two of one claim the lower is the machine. */
  readonly id: string
  readonly mark: Mark
}

/** One machine as it is there. */
export interface Machine {
  readonly name: string
  /** Null: it is not there. */
  readonly compute: OurCompute | null
  /** Others that bear its mark. */
  readonly surplus: readonly OurCompute[]
}

export function ourOwn(compute: Compute, site: string): OurCompute | undefined {
  const mark = markIn(compute, site)
  return mark === undefined ? undefined : { ...compute, id: compute.location, mark }
}

/** All machines of the site, by name. */
export function machinesIn(computes: readonly Compute[], site: string): ReadonlyMap<string, Machine> {
  const groups = new Map<string, OurCompute[]>()
  for (const compute of computes) {
    const own = ourOwn(compute, site)
    if (own) groups.set(own.mark.machine, [...(groups.get(own.mark.machine) ?? []), own])
  }
  return new Map(
    [...groups].map(([name, same]) => {
      const [compute = null, ...surplus] = same.toSorted(byClaim)
      return [name, { name, compute, surplus }]
    }),
  )
}

export const machineNamed = (machines: ReadonlyMap<string, Machine>, name: string): Machine =>
  machines.get(name) ?? { name, compute: null, surplus: [] }

type Stand = Pick<Compute, 'state' | 'actions'> & Partial<Pick<Compute, 'start'>>

/**
 * A compute that is inactive and cannot be started now is on its way: on its way down it is still what it was, and a provider starts what
 * it makes. One that somebody suspended is off: starting it is all that can be asked of it. A gateway of our own kind tells that one has
 * not run yet: it may wait for a place there, or never get one.
 */
export function domainOf({ state, actions, start = null }: Stand): DomainState {
  if (start !== null && state !== 'active') return 'off'
  switch (state) {
    case 'active':
      return 'running'
    case 'inactive':
      return actions.has('start') ? 'off' : 'running'
    case 'suspended':
      return 'off'
    case 'error':
      return actions.has('start') ? 'crashed' : 'paused'
    default:
      // Of a state that this driver does not know nothing is done by itself.
      return 'paused'
  }
}

/** On its way to another state. */
export const isOnItsWay = ({ state, actions, start }: Stand): boolean =>
  state === 'inactive' && !actions.has('start') && start !== 'given-up'

/** Fault: 'refused' with reason `no-room` for one that was taken there and never had a place. */
export function refuseGivenUp({ start }: Stand): void {
  if (start === 'given-up')
    throw fault('refused', 'its provider took it, found no place for it and gave it up', { reason: 'no-room' })
}

const PRIVATE =
  /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|169\.254\.|f[cd]|fe80:)/i

export function sightingOf({ name, compute }: Machine): MachineSighting {
  const bare = { name, disks: [], interfaces: [], work: null, whole: true } as const
  if (compute === null) return { ...bare, id: null, domain: 'absent', startedAt: null }
  const { mark, location, addresses } = compute
  const domain = domainOf(compute)
  return {
    ...bare,
    id: mark.record,
    domain,
    startedAt: domain === 'running' ? mark.madeAt : null,
    given: {
      object: location,
      addresses: addresses.map((ip) => ({ ip, scope: PRIVATE.test(ip) ? 'private' : 'public' })),
    },
  }
}

export const surplusIn = (machines: Iterable<Machine>): readonly Surplus[] =>
  [...machines].flatMap(({ name, surplus }) => surplus.map(({ location }) => ({ machine: name, object: location })))
