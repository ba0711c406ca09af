/** Servers of the simulated zone: the state table of the API, and what else their calls do. */
import { checkKeys, checkWhole, merged, notLive } from './config'
import type { Properties } from './formats'
import { refuse } from './refusal'
import { claimsOn, drivesOf, isHolding, newId, type Server, type World } from './world'

type Config = Readonly<Record<string, string>>

/** The caller's servers as they are now: guests that were asked to shut down have obeyed by then. */
export function serversOf(world: World, user: string): readonly Server[] {
  for (const server of [...world.servers.values()]) obey(world, server)
  return [...world.servers.values()].filter((server) => server.user === user)
}

/** One of the caller's. Fault of the API: missing. */
export function serverOf(world: World, user: string, id: string): Server {
  const found = serversOf(world, user).find((server) => server.id === id)
  if (!found) throw refuse('missing', 'Server could not be found')
  return found
}

function obey(world: World, server: Server): void {
  if (server.obeysAt === null || server.obeysAt > world.now() || server.status !== 'active') return
  end(world, server)
}

/** Persistent ones go to stopped, others are destroyed. */
function end(world: World, server: Server): void {
  if (server.config.persistent !== 'true') {
    world.servers.delete(server.id)
    return
  }
  Object.assign(server, { status: 'stopped', started: null, ip: null, obeysAt: null })
}

export function createServer(world: World, user: string, config: Config, as: 'active' | 'stopped'): Server {
  checkKeys(config)
  const kept = merged({ smp: 'auto', persistent: 'false' }, config)
  checkWhole(world, user, kept)
  const id = newId()
  const fresh: Server = { id, user, config: kept, status: 'stopped', started: null, ip: null, obeysAt: null }
  if (as === 'active') run(world, fresh)
  world.servers.set(id, fresh)
  return fresh
}

/** Makes it run, or refuses and changes nothing. */
function run(world: World, server: Server): void {
  if (world.habits.balance === 'none') throw refuse('billing', 'Insufficient balance')
  checkWhole(world, server.user, server.config)
  for (const { device, drive } of drivesOf(server.config)) {
    const found = world.drives.get(drive)
    if (found?.imaging && found.imaging.until > world.now()) throw refuse('busy', `${device}: drive is being imaged`)
    const isShared = found?.config['claim:type'] === 'shared'
    const taken = claimsOn(world, drive).some((claim) => claim.server !== server)
    if (taken && !isShared) throw refuse('busy', `${device}: drive is claimed`)
  }
  const running = serversOf(world, server.user).filter(isHolding)
  const cpu = running.reduce((sum, one) => sum + Number(one.config.cpu), Number(server.config.cpu))
  if (cpu > world.habits.cpu) throw refuse('billing', 'Subscription does not cover it: cpu')
  const ip = addressFor(world, server)
  Object.assign(server, { status: 'active', started: Math.floor(world.now() / 1000), ip, obeysAt: null })
}

function addressFor(world: World, server: Server): string | null {
  const wanted = server.config['nic:0:dhcp']
  if (!server.config['nic:0:model'] || !wanted) return null
  const inUse = new Set([...world.servers.values()].filter((one) => one !== server).map((one) => one.ip))
  if (wanted !== 'auto') {
    if (inUse.has(wanted)) throw refuse('busy', 'nic:0:dhcp: address is in use')
    return wanted
  }
  for (const net of ['203.0.113', '198.51.100'])
    for (let last = 2; last < 255; last++)
      if (!inUse.has(`${net}.${last}`) && !world.resources.has(`${net}.${last}`)) return `${net}.${last}`
  throw refuse('full', 'No address is free')
}

/** The columns of the state table. Faults of the API: busy where the table says 409, missing. */
export const verbs: Readonly<Record<string, (world: World, server: Server) => void>> = {
  start(world, server) {
    if (server.status !== 'stopped') throw refuse('busy', `Server is ${server.status}`)
    run(world, server)
  },
  stop(world, server) {
    if (server.status === 'stopped') throw refuse('busy', 'Server is stopped')
    end(world, server)
  },
  shutdown(world, server) {
    if (server.status !== 'active') throw refuse('busy', `Server is ${server.status}`)
    const { obeysMs } = world.habits
    // The button is pressed; a guest without a system takes no notice.
    if (obeysMs !== null && hasSystem(world, server)) server.obeysAt ??= world.now() + obeysMs
  },
  reset(_world, server) {
    if (server.status === 'stopped') throw refuse('busy', 'Server is stopped')
    Object.assign(server, { status: 'active', obeysAt: null })
  },
  destroy(world, server) {
    world.servers.delete(server.id)
  },
}

const hasSystem = (world: World, server: Server): boolean =>
  (server.config.boot ?? '').split(' ').some((device) => {
    const drive = server.config[device]
    return drive !== undefined && world.drives.get(drive)?.holds === 'system'
  })

export function setServer(world: World, server: Server, change: Config): void {
  checkKeys(change)
  if (server.status !== 'stopped') {
    const late = notLive(change)
    if (server.status !== 'active') throw refuse('busy', `Server is ${server.status}`)
    if (late.length > 0) throw refuse('busy', `Server is active: cannot set ${late.join(', ')}`)
  }
  const next = merged(server.config, change)
  checkWhole(world, server.user, next)
  server.config = next
}

/** What `info` tells: configuration, status, and the output of a server that runs. */
export function serverInfo(world: World, server: Server): Properties {
  const { id, user, config, status, started, ip } = server
  const { boot, tags, smp = 'auto', ...plain } = config
  const cores = smp === 'auto' ? '1' : smp
  const runs = isHolding(server)
  return {
    ...plain,
    ...(world.habits.dialect === 'new' ? { 'smp:cores': cores } : { smp: cores }),
    ...(boot ? { boot: boot.split(' ') } : {}),
    ...(tags ? { tags: tags.split(' ') } : {}),
    server: id,
    user,
    status,
    ...(config['nic:1:vlan'] ? { 'nic:1:mac': config['nic:1:mac'] ?? macOf(id) } : {}),
    ...(runs && started !== null ? { started: String(started) } : {}),
    ...(ip ? { 'nic:0:dhcp:ip': [ip] } : {}),
    ...(runs && ip && (config.vnc ?? config['vnc:ip']) ? { 'vnc:ip': ip } : {}),
    ...(runs ? { rx: '1024', tx: '2048', 'rx:packets': '12', 'tx:packets': '251' } : {}),
    ...(runs ? Object.fromEntries(drivesOf(config).map(({ device }) => [`${device}:read:bytes`, '4096'])) : {}),
  }
}

const macOf = (id: string): string => `a2:${(id.replaceAll('-', '').match(/../g) ?? []).slice(0, 5).join(':')}`
