/** Static addresses and VLANs of the simulated zone. */
import { merged } from './config'
import type { Properties } from './formats'
import { refuse } from './refusal'
import { isHolding, newId, type Resource, type World } from './world'

type Config = Readonly<Record<string, string>>

export const isResourceType = (text: string | undefined): text is Resource['type'] => text === 'ip' || text === 'vlan'

export const resourcesOf = (world: World, user: string, type?: Resource['type']): readonly Resource[] =>
  [...world.resources.values()].filter((one) => one.user === user && (type === undefined || one.type === type))

/** One of the caller's. Fault of the API: missing. */
export function resourceOf(world: World, user: string, type: Resource['type'], id: string): Resource {
  const found = world.resources.get(id)
  if (found?.user !== user || found.type !== type) throw refuse('missing', 'Resource could not be found')
  return found
}

export function createResource(world: World, user: string, type: Resource['type'], config: Config): Resource {
  checkKeys(config)
  if (!config.name) throw refuse('usage', 'Missing key name')
  const id = type === 'vlan' ? newId() : freeAddress(world)
  const fresh: Resource = { id, type, user, config: merged({}, config) }
  world.resources.set(id, fresh)
  return fresh
}

function checkKeys(config: Config): void {
  for (const key of Object.keys(config)) if (!/^(?:name|tags)$/.test(key)) throw refuse('usage', `Unknown key ${key}`)
}

function freeAddress(world: World): string {
  const inUse = new Set([...world.servers.values()].map((server) => server.ip))
  for (let last = 2; last < 255; last++) {
    const address = `192.0.2.${last}`
    if (!world.resources.has(address) && !inUse.has(address)) return address
  }
  throw refuse('full', 'No address is free')
}

export function setResource(resource: Resource, change: Config): void {
  checkKeys(change)
  resource.config = merged(resource.config, change)
}

export function destroyResource(world: World, resource: Resource): void {
  const isNamed = [...world.servers.values()].some(
    (server) =>
      (resource.type === 'vlan' && server.config['nic:1:vlan'] === resource.id) ||
      (isHolding(server) && server.config['nic:0:dhcp'] === resource.id),
  )
  if (isNamed) throw refuse('busy', 'Resource is in use')
  world.resources.delete(resource.id)
}

/** What `info` tells. */
export function resourceInfo({ id, type, user, config }: Resource): Properties {
  const { tags, ...plain } = config
  return {
    resource: id,
    type,
    user,
    ...plain,
    ...(tags ? { tags: tags.split(' ') } : {}),
    ...(type === 'ip' ? { gateway: '192.0.2.1', netmask: '255.255.255.0', nameserver: ['192.0.2.1'] } : {}),
  }
}
