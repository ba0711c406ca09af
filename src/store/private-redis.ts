/**
 * Our own Redis: a child on a unix socket, its append-only file in the data folder, every write on disk before it is
 * answered (`appendfsync always`).
 *
 * It runs in a session of its own, so Ctrl-C reaches the gateway only and Redis ends last, in order. If the gateway is
 * killed, Redis lives on as an orphan: `redis.json` in the data folder says which process it is and where it listens, and
 * the next start adopts it. Two servers on one append-only file would ruin it; the lock file and that name prevent it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fault } from '../faults'
import { connectOnce } from './connect'
import { lives, nameProcess, type ProcessName, takeLock } from './owner-lock'
import { findRedisServer } from './redis-server'

export interface PrivateRedis {
  readonly path: string
  readonly pid: number
  readonly version: string
  /** It ran already, left behind by a gateway that was killed. */
  readonly adopted: boolean
  /** Resolves when the server process is gone, whoever ended it. Then `restart` starts it again on the same socket. */
  readonly ended: Promise<void>
  restart(): Promise<void>
  /** Ends it in order: to be called after all that use it have ended. */
  stop(): Promise<void>
}

export interface PrivateRedisOptions {
  /** Holds the append-only file, the lock file and redis.json; may have a long name. */
  readonly data: string
  /** Holds the socket; short, 0700, ours. */
  readonly runtime: string
  /** Told each line that the server prints. */
  readonly log?: (line: string) => void
}

/** The kernel's limit for the name of a unix socket (sun_path, without its end mark). */
const LONGEST_PATH = 107
/** ms: how long a start may take, reading the append-only file included. */
const START_MS = 60_000
const STOP_MS = 3_000

interface Running extends ProcessName {
  readonly path: string
}

/** Starts or adopts the server. 'in-use': another gateway has this data folder; 'unavailable': no server found, or it does not start. */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const path = join(options.runtime, 'redis.sock')
  if (Buffer.byteLength(path) > LONGEST_PATH)
    throw fault('invalid', `the socket's name has more than ${LONGEST_PATH} bytes: ${path}`)
  mkdirSync(options.data, { recursive: true, mode: 0o700 })
  mkdirSync(options.runtime, { recursive: true, mode: 0o700 })
  const unlock = takeLock(join(options.data, 'redis.lock'))
  try {
    const left = await reachableLeft(options.data)
    const adopted = left !== undefined
    let server = left ? { ...left, version: await answered(left) } : await launch(path, options)
    let ended = goneOf(server)
    return {
      adopted,
      get path() {
        return server.path
      },
      get pid() {
        return server.pid
      },
      get version() {
        return server.version
      },
      get ended() {
        return ended
      },
      async restart() {
        await end(server)
        server = await launch(path, options)
        ended = goneOf(server)
      },
      async stop() {
        await end(server)
        rmSync(join(options.data, 'redis.json'), { force: true })
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

/** Ends a server that an earlier gateway left behind, if there is one. */
export async function endLeftBehind(data: string): Promise<void> {
  const left = leftBehind(data)
  if (left) await end(left)
}

/** A server left behind whose socket is gone answers nobody: it is ended, so that another one may have its file. */
async function reachableLeft(data: string): Promise<Running | undefined> {
  const left = leftBehind(data)
  if (!left || existsSync(left.path)) return left
  await end(left)
  return undefined
}

/** A server of an earlier gateway that still lives. */
function leftBehind(data: string): Running | undefined {
  try {
    const text: unknown = JSON.parse(readFileSync(join(data, 'redis.json'), 'utf8'))
    if (typeof text !== 'object' || text === null) return undefined
    const { pid, started, path } = text as Partial<Record<keyof Running, unknown>>
    if (typeof pid !== 'number' || typeof started !== 'string' || typeof path !== 'string') return undefined
    return lives({ pid, started }) ? { pid, started, path } : undefined
  } catch {
    return undefined
  }
}

async function launch(
  path: string,
  options: PrivateRedisOptions,
): Promise<Running & { version: string; child: ChildProcess }> {
  const found = findRedisServer()
  if (!found)
    throw fault(
      'unavailable',
      'no redis-server or valkey-server of version 6.2 or newer was found: install one (apt-get install redis-server) or set OCCI_GATEWAY_REDIS',
    )
  rmSync(path, { force: true })
  const child = spawn(found.bin, serverArguments(path, options.data), {
    cwd: options.data,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { PATH: process.env.PATH, ...found.env },
  })
  const last: string[] = []
  const listen = (chunk: Buffer) => {
    for (const line of chunk.toString('utf8').split('\n').filter(Boolean)) {
      last.push(line)
      if (last.length > 5) last.shift()
      options.log?.(line)
    }
  }
  child.stdout?.on('data', listen)
  child.stderr?.on('data', listen)
  child.on('error', (error) => last.push(error.message))
  const heardOut = new Promise((resolve) => child.once('close', resolve))
  const running: Running = { pid: child.pid ?? -1, started: nameProcess(child.pid ?? -1)?.started ?? '', path }
  writeFileSync(join(options.data, 'redis.json'), JSON.stringify(running), { mode: 0o600 })
  try {
    return { ...running, version: await answered(running, child), child }
  } catch (error) {
    child.kill('SIGKILL')
    // What it said before it ended may still lie in the pipe.
    await Promise.race([heardOut, pause(500)])
    throw fault('unavailable', `the Redis server does not start: ${last.join(' | ')}`, { cause: error })
  }
}

const serverArguments = (path: string, data: string): readonly string[] => [
  ...['--port', '0', '--unixsocket', path, '--unixsocketperm', '700', '--dir', data, '--daemonize', 'no'],
  ...['--supervised', 'no', '--logfile', '', '--loglevel', 'notice', '--databases', '1', '--tcp-backlog', '128'],
  ...['--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--stop-writes-on-bgsave-error', 'no'],
  ...['--maxmemory-policy', 'noeviction'],
]

/** Waits until it answers (it may still read its file); returns its version. */
async function answered(running: Running, child?: ChildProcess): Promise<string> {
  const giveUpAt = performance.now() + START_MS
  for (;;) {
    const version = await askVersion(running)
    if (version !== undefined) return version
    if (child ? exited(child) : !lives(running)) throw fault('unavailable', 'the Redis server ended at its start')
    if (performance.now() > giveUpAt) throw fault('timeout', 'the Redis server did not answer in time')
    await pause(20)
  }
}

async function askVersion(running: Running): Promise<string | undefined> {
  const redis = connectOnce({ kind: 'socket', path: running.path })
  try {
    await redis.connect()
    if ((await redis.ping()) !== 'PONG') return undefined // LOADING throws
    const info = await redis.info('server')
    return /(?:valkey|redis)_version:(\S+)/.exec(info)?.[1] ?? '?'
  } catch {
    return undefined
  } finally {
    // Ended by itself, disconnecting would hold the process for another 2 s (ioredis 6.0 waits for a close that was).
    if (redis.status !== 'end') redis.disconnect()
  }
}

const exited = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined

function goneOf(server: Running & { readonly child?: ChildProcess }): Promise<void> {
  const { child } = server
  if (child) return exited(child) ? Promise.resolve() : new Promise((resolve) => child.once('exit', () => resolve()))
  return new Promise((resolve) => {
    // Not our child: nobody tells us.
    const timer = setInterval(() => {
      if (lives(server)) return
      clearInterval(timer)
      resolve()
    }, 250)
    timer.unref()
  })
}

async function end(server: Running): Promise<void> {
  signal(server, 'SIGTERM') // an ordered shutdown, like SHUTDOWN, and needs no connection
  const killAt = performance.now() + STOP_MS
  while (lives(server)) {
    // Every answered write is on disk already: killing loses nothing.
    if (performance.now() > killAt) signal(server, 'SIGKILL')
    await pause(10)
  }
}

function signal(server: Running, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (lives(server)) process.kill(server.pid, name)
  } catch {
    // it ended in between
  }
}
