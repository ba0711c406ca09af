/** Networks, interfaces and their rules on a simulated host. */
import { publicsOf } from '../sight'
import type { HostState, Resource } from '../state'
import type { OrderOf } from '../wire'
import { ALREADY, changed, type Deed, type Here, machineOf, refuse, withMachine } from './deed'

type Network = OrderOf<'network.ensure'>

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Who is connected to a network. */
const usersOf = (here: Here, name: string): readonly string[] =>
  here.all.flatMap((resource) =>
    resource.machine?.definition.interfaces.some((one) => one.network.name === name) ? [resource.name] : [],
  )

/** The host with a network among its own; another one of the same name is refused while somebody uses it. */
export function hostWithNetwork(here: Here, order: Network): HostState {
  const there = here.host.networks.find((network) => network.name === order.name)
  if (there && same(there, order)) return here.host
  if (there && usersOf(here, order.name).length > 0) refuse(`network ${order.name} is there otherwise and in use`)
  const others = here.host.networks.filter((network) => network !== there)
  return { ...here.host, networks: [...others, order] }
}

export function ensureNetwork(here: Here, resource: Resource, order: Network): Deed {
  const host = hostWithNetwork(here, order)
  return host === here.host ? ALREADY : { kind: 'changed', resource, effect: 'network.ensure', host }
}

export function removeNetwork(here: Here, resource: Resource, { name }: OrderOf<'network.remove'>): Deed {
  const networks = here.host.networks.filter((network) => network.name !== name)
  if (networks.length === here.host.networks.length) return ALREADY
  const users = usersOf(here, name)
  if (users.length > 0) refuse(`network ${name} is used by ${users.join(', ')}`)
  return { kind: 'changed', resource, effect: 'network.remove', host: { ...here.host, networks } }
}

export function attachInterface(here: Here, resource: Resource, order: OrderOf<'network.attach'>): Deed {
  const { definition } = machineOf(resource)
  const there = definition.interfaces.find((one) => one.mac === order.mac)
  if (there) return same(there, order) ? ALREADY : refuse(`${order.mac} is connected otherwise`)
  const host = hostWithNetwork(here, order.network)
  const interfaces = [...definition.interfaces, order]
  const next = withMachine(resource, { definition: { ...definition, interfaces } })
  return { kind: 'changed', resource: next, effect: 'network.attach', host }
}

const without = <T>(all: Readonly<Record<string, T>>, mac: string): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([of]) => of !== mac))

export function detachInterface(_here: Here, resource: Resource, { mac }: OrderOf<'network.detach'>): Deed {
  const machine = resource.machine
  if (!machine?.definition.interfaces.some((one) => one.mac === mac)) return ALREADY
  const interfaces = machine.definition.interfaces.filter((one) => one.mac !== mac)
  const rules = without(machine.rules, mac)
  const publics = without(machine.publics ?? {}, mac)
  const definition = { ...machine.definition, interfaces }
  return changed(withMachine(resource, { definition, rules, publics }), 'network.detach')
}

export function setRules(_here: Here, resource: Resource, { mac, rules }: OrderOf<'network.rules'>): Deed {
  const machine = machineOf(resource)
  if (!machine.definition.interfaces.some((one) => one.mac === mac)) refuse(`no interface ${mac}`)
  if (same(machine.rules[mac], rules)) return ALREADY
  return changed(withMachine(resource, { rules: { ...machine.rules, [mac]: rules } }), 'network.rules')
}

/** An address that leads to another machine of the host is refused: it would lead to both. */
export function setPublics(here: Here, resource: Resource, { mac, publics }: OrderOf<'network.publish'>): Deed {
  const machine = resource.machine
  const before = machine?.publics?.[mac] ?? []
  if (same(before, publics)) return ALREADY
  if (publics.length > 0 && !machineOf(resource).definition.interfaces.some((one) => one.mac === mac))
    refuse(`no interface ${mac}`)
  for (const { ip } of publics) {
    const other = here.all.find((one) => one.name !== resource.name && publicsOf(one).some((taken) => taken.ip === ip))
    if (other) refuse(`${ip} leads to ${other.name}`)
  }
  const others = without(machine?.publics ?? {}, mac)
  const next = publics.length === 0 ? others : { ...others, [mac]: publics }
  return changed(withMachine(resource, { publics: next }), 'network.publish')
}
