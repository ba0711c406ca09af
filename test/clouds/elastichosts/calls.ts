/** Path and method of a request to what it does: `/<objects>/[<id>/]<command>[/<args>]`, GET reads and POST changes. */
import {
  copyOnto,
  createDrive,
  destroyDrive,
  driveInfo,
  driveOf,
  drivesOfUser,
  readableDrive,
  readDrive,
  setDrive,
  standardDrives,
  writeDrive,
} from './drives'
import type { Reply } from './formats'
import { refuse } from './refusal'
import {
  createResource,
  destroyResource,
  isResourceType,
  resourceInfo,
  resourceOf,
  resourcesOf,
  setResource,
} from './resources'
import { createServer, serverInfo, serverOf, serversOf, setServer, verbs } from './servers'
import type { World } from './world'

/** One authenticated request. */
export interface Call {
  readonly world: World
  readonly user: string
  readonly method: 'GET' | 'POST'
  /** Words of the path. */
  readonly words: readonly string[]
  /** The body read as a configuration. */
  config(): Record<string, string>
  /** The body's bytes as they came, and whether they are packed. */
  readonly body: Buffer
  readonly packed: 'gzip' | 'plain'
}

const DONE: Reply = { kind: 'done' }

/** Does what is asked. Faults of the API. */
export function answerCall(call: Call): Reply {
  const [objects] = call.words
  if (objects === 'servers') return answerServers(call)
  if (objects === 'drives') return answerDrives(call)
  if (objects === 'resources') return answerResources(call)
  throw refuse('missing', 'No such command')
}

/** Runs what a GET reads or a POST changes; the other method is 405. */
function on(call: Call, method: Call['method'], run: () => Reply): Reply {
  if (call.method !== method) throw refuse('method', `Use ${method}`)
  return run()
}

function answerServers(call: Call): Reply {
  const { world, user } = call
  const [, first = '', second, ...more] = call.words
  if (more.length > 0) throw refuse('missing', 'No such command')
  if (first === 'create' && (second === undefined || second === 'stopped'))
    return on(call, 'POST', () => {
      const server = createServer(world, user, call.config(), second === 'stopped' ? 'stopped' : 'active')
      return { kind: 'one', properties: serverInfo(world, server) }
    })
  if (second === undefined) return on(call, 'GET', () => listServers(call, first))
  if (second === 'info')
    return on(call, 'GET', () => ({ kind: 'one', properties: serverInfo(world, serverOf(world, user, first)) }))
  if (second === 'set')
    return on(call, 'POST', () => {
      const server = serverOf(world, user, first)
      setServer(world, server, call.config())
      return { kind: 'one', properties: serverInfo(world, server) }
    })
  const verb = Object.hasOwn(verbs, second) ? verbs[second] : undefined
  if (!verb) throw refuse('missing', 'No such command')
  return on(call, 'POST', () => {
    const server = serverOf(world, user, first)
    verb(world, server)
    const tellsAll = second === 'start' && world.habits.dialect === 'old'
    return tellsAll ? { kind: 'one', properties: serverInfo(world, server) } : DONE
  })
}

function listServers({ world, user }: Call, command: string): Reply {
  const servers = serversOf(world, user)
  if (command === 'info') return { kind: 'many', all: servers.map((server) => serverInfo(world, server)) }
  if (command !== 'list') throw refuse('missing', 'No such command')
  const ids = servers.map((server) => server.id)
  if (world.habits.dialect === 'old') return { kind: 'ids', of: 'server', ids }
  return { kind: 'ids', of: 'server', ids, columns: servers.map(({ config }) => `${config.cpu} ${config.mem}`) }
}

function answerDrives(call: Call): Reply {
  const { world, user } = call
  const [, first = '', second, ...args] = call.words
  if (first === 'list' || first === 'info') {
    if (args.length > 0 || (second !== undefined && second !== 'standard')) throw refuse('missing', 'No such command')
    return on(call, 'GET', () => {
      const drives = second === 'standard' ? standardDrives(world) : drivesOfUser(world, user)
      if (first === 'list') return { kind: 'ids', of: 'drive', ids: drives.map((drive) => drive.id) }
      return { kind: 'many', all: drives.map((drive) => driveInfo(world, drive)) }
    })
  }
  if (first === 'create' && second === undefined)
    return on(call, 'POST', () => ({
      kind: 'one',
      properties: driveInfo(world, createDrive(world, user, call.config())),
    }))
  return answerDrive(call, first, second, args)
}

function answerDrive(call: Call, id: string, command: string | undefined, args: readonly string[]): Reply {
  const { world, user } = call
  if (command === 'info')
    return on(call, 'GET', () => ({ kind: 'one', properties: driveInfo(world, readableDrive(world, user, id)) }))
  if (command === 'read') {
    const drive = readableDrive(world, user, id)
    return { kind: 'bytes', bytes: readDrive(drive, numberIn(args[0]), numberIn(args[1])) }
  }
  if (command !== 'set' && command !== 'destroy' && command !== 'image' && command !== 'write')
    throw refuse('missing', 'No such command')
  return on(call, 'POST', () => {
    const drive = driveOf(world, user, id)
    if (command === 'destroy') destroyDrive(world, drive)
    else if (command === 'image') copyOnto(world, drive, readableDrive(world, user, args[0] ?? ''), args[1] ?? '')
    else if (command === 'write') writeDrive(world, drive, numberIn(args[0] ?? '0'), call.body, call.packed)
    else {
      setDrive(world, drive, call.config())
      return { kind: 'one', properties: driveInfo(world, drive) }
    }
    return DONE
  })
}

function numberIn(text: string | undefined): number {
  if (text === undefined || !/^[0-9]{1,15}$/.test(text)) throw refuse('usage', 'Expected a number')
  return Number(text)
}

function answerResources(call: Call): Reply {
  const { world, user } = call
  const [, first, second, third] = call.words
  if (call.words.length === 2 && (first === 'list' || first === 'info'))
    return on(call, 'GET', () => listed(resourcesOf(world, user), first))
  if (!isResourceType(first) || second === undefined) throw refuse('missing', 'No such command')
  if (third === undefined && (second === 'list' || second === 'info'))
    return on(call, 'GET', () => listed(resourcesOf(world, user, first), second))
  if (third === undefined && second === 'create')
    return on(call, 'POST', () => ({
      kind: 'one',
      properties: resourceInfo(createResource(world, user, first, call.config())),
    }))
  if (third === 'info')
    return on(call, 'GET', () => ({ kind: 'one', properties: resourceInfo(resourceOf(world, user, first, second)) }))
  if (third !== 'set' && third !== 'destroy') throw refuse('missing', 'No such command')
  return on(call, 'POST', () => {
    const resource = resourceOf(world, user, first, second)
    if (third === 'set') {
      setResource(resource, call.config())
      return { kind: 'one', properties: resourceInfo(resource) }
    }
    destroyResource(world, resource)
    return DONE
  })
}

const listed = (resources: ReturnType<typeof resourcesOf>, command: 'list' | 'info'): Reply =>
  command === 'list'
    ? { kind: 'ids', of: 'resource', ids: resources.map((one) => one.id) }
    : { kind: 'many', all: resources.map(resourceInfo) }
