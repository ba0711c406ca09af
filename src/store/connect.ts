/** Connections to Redis: where it is, how long a command may wait for it, and what its errors mean to a caller. */
import { setMaxListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { Redis, RedisOptions } from 'ioredis'
import { asFault, Fault, fault } from '../faults'
import { Connection } from './connection'

/** Our own child's socket, or an operator's server (`redis://`, `rediss://`). */
export type RedisAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string }

/** A command fails after this long without Redis, so that a front can still answer 503 in time. */
export const COMMAND_TIMEOUT_MS = 5_000

/** Commands over one connection that mends itself. */
export interface Link {
  /**
   * Runs a command. When the connection breaks before the reply, it is run again: whatever is given here must be safe to
   * run twice. 'unavailable' when Redis is away for 5 s, full, read-only or without disk.
   */
  run<T>(command: (redis: Redis) => Promise<T>): Promise<T>
  /** How often it was connected: behind another connection there may be another server. */
  readonly connections: number
  close(): Promise<void>
}

// ioredis's type allows an undefined reply mapping that its constructor does not.
type Options = Omit<RedisOptions, 'replyMapping'>

const READ_ONLY = /\bREADONLY\b/

// Reconnecting never ends; only commands give up.
const shared: Options = {
  connectTimeout: 2_000,
  disconnectTimeout: 500,
  keepAlive: 10_000,
  retryStrategy: (times) => Math.min(25 * times, 500),
  // A demoted primary: connect again, the address may lead to the new one. Redis 6.2 has it in the midst of what a script is told.
  reconnectOnError: (error) => READ_ONLY.test(error.message),
}

/**
 * Opens a link. What a broken connection left unanswered fails at once and nothing is queued inside ioredis, so no write
 * runs long after its caller was told that it failed; `run` itself waits for the connection and tries again.
 */
export function openLink(address: RedisAddress, name: string, timeoutMs = COMMAND_TIMEOUT_MS): Link {
  const redis = connectFailing(address, name, timeoutMs)
  const closing = new AbortController()
  setMaxListeners(0, closing.signal)
  let connections = 0
  redis.on('connect', () => {
    connections += 1
  })
  return {
    get connections() {
      return connections
    },
    async run(command) {
      const giveUpAt = performance.now() + timeoutMs
      for (;;) {
        await becameReady(redis, giveUpAt, closing.signal)
        try {
          return await command(redis)
        } catch (error) {
          if (!connectionLost(error) || performance.now() > giveUpAt) throw redisFault(error)
          // A socket may be half closed while ioredis still calls it ready: it must be let run to notice.
          await pause(5)
        }
      }
    },
    close() {
      closing.abort()
      return closed(redis)
    },
  }
}

/**
 * A connection whose commands fail at once while Redis is away, and after the timeout when it does not answer. It is then opened
 * anew: what is sent to a server that vanished without a word would keep it for a quarter of an hour (`tcp_retries2`), though the
 * address leads to another one by now.
 */
export const connectFailing = (address: RedisAddress, name: string, timeoutMs = COMMAND_TIMEOUT_MS): Redis =>
  open(address, {
    ...shared,
    connectionName: name,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  })

/** A connection for one blocking reader: its commands wait for ever. */
export const connectBlocking = (address: RedisAddress, name: string): Redis =>
  open(address, { ...shared, connectionName: name, maxRetriesPerRequest: 0 })

/** One try, no reconnect: for asking whether a server is there. */
export const connectOnce = (address: RedisAddress): Redis =>
  open(address, {
    ...shared,
    lazyConnect: true,
    connectTimeout: 1_000,
    commandTimeout: 2_000,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
  })

/** What a process that could not start says of a Redis that is away: where it looked and how to name another. */
export function noRedis({ redis }: { readonly redis: RedisAddress }, thrown: unknown): unknown {
  const cause = asFault(thrown)
  if (cause.kind !== 'unavailable') return thrown
  const place = redis.kind === 'socket' ? redis.path : withoutPassword(redis.url)
  return fault('unavailable', `${cause.message} (${place}; --redis or OCCI_GATEWAY_REDIS names another)`, { cause })
}

const withoutPassword = (url: string): string => url.replace(/\/\/.*@/, '//…@')

/** What BullMQ's workers work on: their commands wait for Redis as long as it takes. */
export const connectPatient = (address: RedisAddress, name: string): Connection =>
  open(address, { ...shared, connectionName: name, maxRetriesPerRequest: null })

function open(address: RedisAddress, options: Options): Connection {
  const redis =
    address.kind === 'socket'
      ? new Connection({ ...options, path: address.path })
      : new Connection(address.url, options)
  // Without a listener ioredis prints each failed try; who needs to know sees it in the command's fault.
  redis.on('error', () => undefined)
  redis.setMaxListeners(0) // each command that waits for the connection listens
  return redis
}

/** Ends a connection, whatever state it is in. */
export async function closed(redis: Redis): Promise<void> {
  if (redis.status === 'end') return
  const ended = new Promise<void>((resolve) => redis.once('end', resolve))
  redis.disconnect()
  await ended
}

async function becameReady(redis: Redis, giveUpAt: number, closing: AbortSignal): Promise<void> {
  if (closing.aborted) throw fault('unavailable', 'the connection to the store is closed')
  if (redis.status === 'ready') return
  await new Promise<void>((resolve, reject) => {
    const settle = (answer: () => void) => () => {
      clearTimeout(timer)
      redis.off('ready', ready)
      closing.removeEventListener('abort', ended)
      answer()
    }
    const late = settle(() => reject(fault('unavailable', 'the store does not answer; try again')))
    const ready = settle(resolve)
    const ended = settle(() => reject(fault('unavailable', 'the connection to the store is closed')))
    const timer = setTimeout(late, Math.max(0, giveUpAt - performance.now()))
    redis.once('ready', ready)
    closing.addEventListener('abort', ended)
  })
}

// ioredis's own words: redis-errors and ioredis 6.0 have no codes for them.
const LOST =
  /^(Connection is closed|Reached the max retries per request|Stream isn't writeable|Command aborted due to connection close)/

const connectionLost = (error: unknown): boolean => error instanceof Error && LOST.test(error.message)

/** What Redis answers when it lives but cannot serve; all of it passes without the caller changing anything. */
const PASSING: readonly (readonly [RegExp, string])[] = [
  [/\bOOM\b/, 'the store is full'],
  [READ_ONLY, 'the store is read-only at the moment'],
  [/\bMISCONF\b/, 'the store cannot write to its disk'],
  [/\bLOADING\b/, 'the store is starting'],
  [/\b(MASTERDOWN|CLUSTERDOWN|NOREPLICAS|TRYAGAIN|UNKILLABLE|BUSY)\b/, 'the store is not ready'],
  [/Command timed out|ECONNRESET|EPIPE|ECONNREFUSED|ENOENT|ETIMEDOUT/, 'the store does not answer; try again'],
]

/** An error of Redis or of the connection as a fault: 'unavailable' where it may pass, else 'internal'. */
export function redisFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const text = error instanceof Error ? error.message : String(error)
  const cause = withoutCommand(error)
  if (connectionLost(error)) return fault('unavailable', 'the store does not answer; try again', { cause })
  const passing = PASSING.find(([pattern]) => pattern.test(text))
  return passing ? fault('unavailable', passing[1], { cause }) : asFault(cause)
}

/**
 * ioredis hangs the refused command with all its arguments on its errors (`command.args`). Arguments are whole records: with
 * them password hashes, sealed secrets and user data would reach the log as a fault's cause.
 */
function withoutCommand(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const bare = new Error(error.message)
  bare.name = error.name
  if (error.stack !== undefined) bare.stack = error.stack
  return bare
}
