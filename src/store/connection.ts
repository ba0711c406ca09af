import { Redis, type RedisOptions } from 'ioredis'

type Sent = Parameters<Redis['sendCommand']>

/**
 * A connection whose end is told in every state, and to every command.
 *
 * What ioredis 6.0 leaves out, and BullMQ 6.7 waits for without end when a worker is closed after Redis went away:
 *   between two tries to reconnect there is no stream, so `disconnect` stops the next try and tells nobody (`end`). A connection
 *     that was never opened (`wait`) is ended as it should be, so it is taken for one;
 *   what was under way when the connection broke is kept to be sent again once the next one is ready. When that one is ended
 *     before, these commands are neither sent nor refused.
 *
 * And what is sent in one turn of the event loop goes in one write: what many requests ask for at once costs one system call, and
 * Redis, which reads it at once, puts all of it on its disk at once before it answers.
 */
export class Connection extends Redis {
  /** Connections that others made of this one: BullMQ makes each worker's blocking one so. */
  readonly twins: Connection[] = []

  override disconnect(reconnect = false): void {
    if (!reconnect) {
      this.once('end', () => refuseKept(this))
      if (this.status === 'reconnecting') this.status = 'wait'
    }
    super.disconnect(reconnect)
  }

  override sendCommand(...[command, stream]: Sent): unknown {
    if (this.stream) corkForNow(this.stream)
    return super.sendCommand(command, stream)
  }

  override duplicate(override?: Partial<RedisOptions>): never {
    const { replyMapping: _default, ...options } = { ...this.options, ...override }
    const twin = new Connection(options)
    twin.on('error', () => undefined)
    this.twins.push(twin)
    // Its declared type depends on an option that nobody here sets.
    return twin as never
  }
}

const corked = new WeakSet<Redis['stream']>()

/** Until the promises that are settled now were served. */
function corkForNow(stream: Redis['stream']): void {
  if (corked.has(stream)) return
  corked.add(stream)
  stream.cork()
  process.nextTick(() => {
    corked.delete(stream)
    stream.uncork()
  })
}

interface Kept {
  readonly length: number
  shift(): { readonly command: { reject(error: Error): void } } | undefined
}

/** ioredis calls it `prevCommandQueue` and keeps it to itself. */
function refuseKept(redis: Redis): void {
  const kept: unknown = Reflect.get(redis, 'prevCommandQueue')
  if (!isQueue(kept)) return
  while (kept.length > 0) kept.shift()?.command.reject(new Error('Connection is closed.'))
}

const isQueue = (value: unknown): value is Kept =>
  typeof value === 'object' && value !== null && 'shift' in value && typeof value.shift === 'function'
