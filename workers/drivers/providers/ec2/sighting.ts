/** From what DescribeInstances tells to what we see of a machine. Pure. */
import type { Instance } from '@aws-sdk/client-ec2'
import type { DomainState, EndedThere, Given, MachineSighting } from '../../../../src/model/machine'
import type { Surplus } from '../../../../src/model/providers/target'
import { type Mark, markOf } from './marks'

/** StateReason of one whose memory was kept when it was stopped; it goes with the next start (EC2 User Guide, hibernate your instance). */
const HIBERNATED = 'Client.UserInitiatedHibernate'

/** On its way down it is still what it was: what ends it says when it is through. */
const DOMAINS: Readonly<Record<string, DomainState>> = {
  pending: 'running',
  running: 'running',
  stopping: 'running',
  'shutting-down': 'running',
  stopped: 'off',
}

/** On its way up, or down again perhaps before it ran. */
const UNBEGUN: ReadonlySet<string> = new Set(['pending', 'shutting-down'])

export const stateOf = ({ State }: Instance): string => State?.Name ?? 'terminated'

const reasonOf = ({ StateReason: { Code = '' } = {} }: Instance): string => Code

/** It is stopped, and goes on with its memory when it is started. */
export const isHibernated = (instance: Instance): boolean =>
  stateOf(instance) === 'stopped' && reasonOf(instance) === HIBERNATED

const domainOf = (instance: Instance): DomainState =>
  isHibernated(instance) ? 'saved' : (DOMAINS[stateOf(instance)] ?? 'absent')

export const absent = (name: string): MachineSighting => ({
  name,
  id: null,
  domain: 'absent',
  disks: [],
  interfaces: [],
  work: null,
  startedAt: null,
  whole: true,
})

function sightingOf(instance: Instance, { machine, record }: Mark): MachineSighting {
  const domain = domainOf(instance)
  if (domain === 'absent') {
    const given = { object: instance.InstanceId ?? '', addresses: [] }
    const why = reasonOf(instance)
    return { ...absent(machine), given, ended: { by: endedBy(instance), forGood: true, ...(why && { why }) } }
  }
  const there = { ...absent(machine), id: record, domain, given: givenOf(instance) }
  if (domain === 'off' || domain === 'saved') return { ...there, ended: { by: endedBy(instance) } }
  const startedAt = instance.LaunchTime?.getTime() ?? null
  return UNBEGUN.has(stateOf(instance)) ? { ...there, startedAt, unbegun: true } : { ...there, startedAt }
}

/** By the codes of EC2's StateReason (API reference, StateReason): `Client.InstanceInitiatedShutdown`, `Client.User…`, `Server.…`. */
function endedBy(instance: Instance): EndedThere['by'] {
  const code = reasonOf(instance)
  if (code === 'Client.InstanceInitiatedShutdown') return 'guest'
  if (code.startsWith('Client.User')) return 'account'
  return code.startsWith('Server.') ? 'provider' : 'unknown'
}

const givenOf = ({
  InstanceId = '',
  InstanceType,
  PrivateIpAddress,
  PublicIpAddress,
  Placement,
  HibernationOptions,
}: Instance): Given => ({
  object: InstanceId,
  ...(Placement?.AvailabilityZone ? { zone: Placement.AvailabilityZone } : {}),
  ...(InstanceType === undefined ? {} : { type: InstanceType }),
  ...(HibernationOptions?.Configured ? { hibernates: true as const } : {}),
  addresses: [
    ...(PrivateIpAddress ? [{ ip: PrivateIpAddress, scope: 'private' } as const] : []),
    ...(PublicIpAddress && PublicIpAddress !== PrivateIpAddress
      ? [{ ip: PublicIpAddress, scope: 'public' } as const]
      : []),
  ],
})

export interface Sorted {
  readonly machines: readonly MachineSighting[]
  readonly surplus: readonly Surplus[]
}

const GONE = 2
/** 0: it stays; then what is being ended, and what has ended. */
const ending = (instance: Instance): number =>
  stateOf(instance) === 'terminated' ? GONE : Number(stateOf(instance) === 'shutting-down')

interface Marked {
  readonly instance: Instance
  readonly mark: Mark
}

/** Each machine once: the oldest of its objects that is not being ended; the others are too many, unless they end already. */
export function sorted(instances: readonly Instance[]): Sorted {
  const byMachine = new Map<string, Marked[]>()
  for (const instance of instances) {
    const mark = markOf(instance)
    if (mark === undefined) continue
    const same = byMachine.get(mark.machine) ?? []
    same.push({ instance, mark })
    byMachine.set(mark.machine, same)
  }
  const groups = [...byMachine.values()].map((same) => same.toSorted(byAge))
  return {
    machines: groups.flatMap(([oldest]) => (oldest ? [sightingOf(oldest.instance, oldest.mark)] : [])),
    surplus: groups.flatMap(([, ...others]) =>
      others
        .filter(({ instance }) => ending(instance) === 0)
        .map(({ instance, mark }) => ({ machine: mark.machine, object: instance.InstanceId ?? '' })),
    ),
  }
}

/** Not by the time of its start: a stopped one that is started again would be the younger. */
const byAge = (a: Marked, b: Marked): number =>
  ending(a.instance) - ending(b.instance) ||
  // Of those that ended the newest says how the machine did.
  (a.mark.attempt - b.mark.attempt) * (ending(a.instance) === GONE ? -1 : 1) ||
  ((a.instance.InstanceId ?? '') < (b.instance.InstanceId ?? '') ? -1 : 1)
