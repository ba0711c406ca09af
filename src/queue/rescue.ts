/**
 * Jobs of workers that are gone.
 *
 * BullMQ gives such a job back once its lock has run out and two of its checks have passed, some 7 s later; until then an add
 * of the same ref only says "once more afterwards". But whoever serves a queue has a connection that bears its name, and the
 * server knows the moment it is gone: a job whose worker has no connection is taken from it and added anew.
 *
 * A worker that lives may lose its connection, or be slow to make it. Then a job runs twice, which is safe: locks protect
 * nothing here, epochs do. Where the server does not tell who is connected (not even ourselves), BullMQ's own way remains.
 */
import { type Job, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { asFault } from '../faults'
import type { Log } from '../log'
import { closed, connectFailing, type RedisAddress } from '../store/connect'
import { queuePrefix } from '../store/keys'
import { addJobs, refOf } from './jobs'

/** How often it is looked for them, real time. */
const RESCUE_MS = 1_000
/** Until our own connections are made. */
const SOON_MS = 50
const TIMEOUT_MS = 2_000

export interface RescueOptions {
  readonly site: string
  readonly redis: RedisAddress
  readonly queues: readonly string[]
  /** The name that all workers of this process bear, and nobody else. */
  readonly me: string
  /** Its workers are connected: before, nobody could be told from the dead. */
  readonly connected: Promise<unknown>
  readonly log: Log
}

/** Looks as soon as the own workers are connected, and then each second. */
export function startRescue(options: RescueOptions): { stop(): Promise<void> } {
  const { site, redis, queues: names, me, connected, log } = options
  const connection = connectFailing(redis, `rescue:${site}`, TIMEOUT_MS)
  const queues = names.map((name) => {
    const queue = new Queue(name, { prefix: queuePrefix(site), connection })
    queue.on('error', () => undefined) // each look tells its own
    return queue
  })
  let isStopping = false
  let timer: NodeJS.Timeout | undefined

  const look = async (queue: Queue): Promise<void> => {
    const abandoned = await takeAbandoned(queue, connection, me)
    if (abandoned.length === 0) return
    log.warn({ event: 'job.abandoned', queue: queue.name, jobs: abandoned.length }, 'a worker is gone')
    const refs = abandoned.map(({ data }) => refOf(data)).filter((ref) => ref !== undefined)
    await addJobs(queue, refs)
  }
  const tick = async (): Promise<void> => {
    // A Queue waits for its connection without end, and closing must not.
    const isReady = connection.status === 'ready'
    if (isReady)
      await Promise.all(queues.map(look)).catch((error) =>
        log.debug({ event: 'queue.rescue', message: asFault(error).message }, 'not looked for lost jobs'),
      )
    if (!isStopping) timer = setTimeout(tick, isReady ? RESCUE_MS : SOON_MS)
  }
  // Closed before they were connected: there is nothing to look for.
  connected.then(
    () => (isStopping ? undefined : tick()),
    () => undefined,
  )
  return {
    async stop() {
      isStopping = true
      clearTimeout(timer)
      await Promise.all(queues.map((queue) => queue.close()))
      await closed(connection)
    },
  }
}

async function takeAbandoned(queue: Queue, redis: Redis, me: string): Promise<readonly Job[]> {
  // Jobs before connections: who had taken a job by then was connected by then.
  const others = (await queue.getActive()).filter(({ processedBy }) => processedBy !== me)
  if (others.length === 0) return []
  const alive = await connectedTo(queue)
  if (!alive.has(me)) return []
  const abandoned = others.filter(({ processedBy }) => processedBy === undefined || !alive.has(processedBy))
  for (const job of abandoned) {
    // Without its lock it can be removed, and who finishes it none the less is refused. Two may do this at a time.
    await redis.del(`${queue.toKey(job.id ?? '')}:lock`)
    await job.remove()
  }
  return abandoned
}

/** Names of the queue's workers that have a connection; bullmq 6.7 calls it `<prefix>:<queue>:w:<name>`. */
async function connectedTo(queue: Queue): Promise<ReadonlySet<string>> {
  const clients = await queue.getWorkers()
  return new Set(clients.map(({ rawname = '' }) => rawname.slice(rawname.lastIndexOf(':') + 1)))
}
