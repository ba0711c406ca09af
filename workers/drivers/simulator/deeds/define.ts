/** Definitions on a simulated host. There has to be room for what is defined, as it is to run; what is off takes none of it. */
import { createHash } from 'node:crypto'
import { used } from '../sight'
import type { HostState, Resource } from '../state'
import type { OrderOf } from '../wire'
import { ALREADY, changed, type Deed, type Here, refuse, runs } from './deed'
import { hostWithNetwork } from './network'

type Definition = OrderOf<'define'>

/** Refused where CPU or memory of all that runs would pass the host's with it. */
export function enough(here: Here, resource: Resource, size: Definition['size']): void {
  const others = here.all.filter((one) => one.name !== resource.name)
  const taken = used(here.host, others)
  const cpu = here.host.capacity.cpuHundredths - taken.cpuHundredths
  const memory = here.host.capacity.memoryMiB - taken.memoryMiB
  if (size.cpuHundredths > cpu) refuse(`not enough CPU: needs ${size.cpuHundredths} hundredths, has ${cpu}`)
  if (size.memoryMiB > memory)
    refuse(`can't allocate low memory for domain: needs ${size.memoryMiB} MiB, has ${memory}`)
}

/** SHA-256 of a seed's bytes: there is no guest that could read them, so they are not kept. */
export const digest = (seed: string | null): string | null =>
  seed === null ? null : createHash('sha256').update(seed, 'base64').digest('hex')

/** The networks it names are made with it: its order carries all that they need. */
export function define(here: Here, resource: Resource, order: Definition): Deed {
  if (order.name !== resource.name) refuse(`the definition is of ${order.name}, the ticket of ${resource.name}`)
  const machine = resource.machine
  const definition = { ...order, seed: digest(order.seed) }
  if (machine && JSON.stringify(machine.definition) === JSON.stringify(definition)) return ALREADY
  if (runs(machine) || machine?.domain === 'saved')
    refuse(`${order.name} is ${machine?.domain}: it is changed only while it is off`)
  enough(here, resource, order.size)
  const host = order.interfaces.reduce<HostState>(
    (sofar, one) => hostWithNetwork({ ...here, host: sofar }, one.network),
    here.host,
  )
  const next = {
    domain: 'off' as const,
    startedAt: null,
    deaf: false,
    rules: {},
    console: '',
    ...machine,
    definition,
  }
  return { kind: 'changed', resource: { ...resource, machine: next }, effect: 'define', host }
}

/** What was saved of its memory goes with it; disks stay. The domain that it was before it was taken over is no more. */
export function undefine({ host }: Here, resource: Resource): Deed {
  const { machine } = resource
  if (!machine) return ALREADY
  if (runs(machine)) refuse(`${resource.name} runs`)
  const foreign = host.foreign.filter((one) => one.machine?.uuid !== machine.definition.id)
  const next = { ...resource, machine: null }
  if (foreign.length === host.foreign.length) return changed(next, 'undefine')
  return { kind: 'changed', resource: next, effect: 'undefine', host: { ...host, foreign } }
}
