/**
 * Taking a foreign domain over. It stays in the host's list of them, where it is passed over while a machine bears its uuid, until
 * that machine is undefined: so one write makes it ours, and a kill leaves it whole on one side or the other.
 */
import type { HostState, Resource } from '../state'
import type { OrderOf } from '../wire'
import { ALREADY, consoleAfter, type Deed, type Here, refuse } from './deed'
import { digest } from './define'
import { hostWithNetwork } from './network'

type Definition = OrderOf<'adopt'>

export function adopt(here: Here, resource: Resource, order: Definition): Deed {
  if (order.name !== resource.name) refuse(`the definition is of ${order.name}, the ticket of ${resource.name}`)
  if (resource.machine?.definition.id === order.id) return ALREADY
  if (resource.machine) refuse(`${order.name} is defined on this host as another machine`)
  const holder = here.all.find(({ machine }) => machine?.definition.id === order.id)
  if (holder) refuse(`the domain is the machine ${holder.name} already`)
  const found = here.host.foreign.find(({ machine }) => machine?.uuid === order.id)
  if (!found?.machine) return refuse(`no domain of the uuid ${order.id} is on this host`)
  const { domain, disks } = found.machine
  if (domain === 'crashed') refuse(`${found.name} is crashed: it cannot be taken over`)
  const host = order.interfaces.reduce<HostState>(
    (sofar, one) => hostWithNetwork({ ...here, host: sofar }, one.network),
    here.host,
  )
  const taken = (order.takenOver?.disks ?? []).flatMap(({ name, device }) => {
    const disk = disks.find((one) => one.device === device)
    return disk ? [{ name, sizeGiB: disk.sizeGiB, from: disk.path, createdAt: here.now }] : []
  })
  const line = `[${new Date(here.now).toISOString()}] simulated domain ${found.name} taken over as ${order.name}`
  const machine = {
    definition: { ...order, seed: digest(order.seed) },
    domain,
    startedAt: domain === 'off' ? null : here.now,
    deaf: false,
    rules: {},
    console: consoleAfter('', line),
  }
  return { kind: 'changed', resource: { ...resource, machine, disks: taken }, effect: 'adopt', host }
}
