/**
 * The process that holds our Redis: it starts (or adopts) the server, starts it again when it dies, and shuts it down when it
 * is told to end or when `up` is gone. Redis itself cannot notice that.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '../../config'
import { asFault } from '../../faults'
import { openLog } from '../../log'
import {
  endLeftBehind,
  type PrivateRedis,
  type PrivateRedisOptions,
  startPrivateRedis,
} from '../../store/private-redis'
import { countDeaths } from './deaths'
import { runtimeFolder } from './runtime-folder'

/** What it says to `up` when the server answers. */
export interface RedisReady {
  readonly ready: 'redis'
  readonly path: string
  readonly pid: number
  readonly version: string
}

/** Where our Redis keeps its file. */
export const redisFolder = (data: string): string => join(data, 'redis')

/** How long the holder of an earlier start, whose `up` was killed, may take to end. */
const TAKEOVER_MS = 8_000
/** How often its socket is looked for. */
const SOCKET_POLL_MS = 1_000

/** Runs until SIGTERM or SIGINT. */
export async function holdRedis({ data, logLevel }: Config): Promise<void> {
  const log = openLog('redis', logLevel)
  const runtime = process.env.OCCI_GATEWAY_RUNTIME ?? runtimeFolder(data)
  const options: PrivateRedisOptions = {
    data: join(data, 'redis'),
    runtime,
    log: (line) => log.info({ line }, 'redis says'),
  }
  let redis: PrivateRedis | undefined
  let ending = false
  let restarting: Promise<void> = Promise.resolve()
  const stop = async () => {
    if (ending) return
    ending = true
    // Also one that is just starting: reading its file it may take long, and nobody would know of it any more.
    await endLeftBehind(options.data)
    await restarting.catch(() => undefined)
    await redis?.stop()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  redis = await takeOver(options)
  const socket = redis.path
  // Nobody new finds a server whose socket was removed (by who tidies /tmp, say): ended, it is started again below. An adopted
  // server is no child of ours, so this is also what keeps this process waiting for its end.
  let serving = true
  setInterval(() => {
    if (serving && !ending && !existsSync(socket)) void endLeftBehind(options.data)
  }, SOCKET_POLL_MS)
  const tell = ({ path, pid, version }: PrivateRedis) => process.send?.({ ready: 'redis', path, pid, version })
  tell(redis)
  const deaths = countDeaths()
  for (;;) {
    await redis.ended
    serving = false
    if (ending) return
    const pauseMs = deaths.died()
    log.warn({ deaths: deaths.count, pauseMs }, 'redis ended; starting it again')
    await pause(pauseMs)
    if (ending) return
    deaths.started()
    restarting = redis.restart()
    await restarting
    serving = true
    tell(redis)
  }
}

async function takeOver(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const giveUpAt = performance.now() + TAKEOVER_MS
  for (;;) {
    try {
      const redis = await startPrivateRedis(options)
      if (redis.path === join(options.runtime, 'redis.sock')) return redis
      // Left behind at another place (another XDG_RUNTIME_DIR): it moves to ours.
      await redis.stop()
    } catch (error) {
      if (asFault(error).kind !== 'in-use' || performance.now() > giveUpAt) throw error
      await pause(100)
    }
  }
}
