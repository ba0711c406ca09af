/**
 * The only place that knows BullMQ. A job carries nothing but `kind:id`: it says "look at this", never what to do, so
 * losing one, or running it twice, loses nothing (the agenda has it, and every claim is guarded by its epoch).
 *
 * One queue per kind, so that a slow kind does not stand in the way of another. At most one job per id is active and one
 * waiting: an add while it is active runs it once more afterwards (`keepLastIfActive`).
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Job, Queue, Worker } from 'bullmq'
import { asFault, fault } from '../faults'
import type { Log } from '../log'
import { formatRef, type Kind, type Ref } from '../model/ids'
import { closed, connectFailing, connectPatient, type RedisAddress } from '../store/connect'
import { queuePrefix } from '../store/keys'
import { closeInTime } from './close-in-time'
import { gather } from './gather'
import { addJobs, refOf } from './jobs'
import { startRescue } from './rescue'
import { isWorked, WORKED } from './worked'

export type { Worked } from './worked'

export interface QueueOptions {
  readonly site: string
  readonly redis: RedisAddress
}

export interface AddOptions extends QueueOptions {
  /** After jobs were added none are added for so long; those that come meanwhile go together. None without it. */
  readonly restMs?: number
}

export interface JobQueue {
  /** One round trip per kind; what has no jobs is left to the agenda. 'unavailable' when Redis is away: nothing is lost, the agenda has them. */
  add(refs: readonly Ref[]): Promise<void>
  /** Jobs that wait for a worker and jobs that one has. One round trip. 'unavailable' when Redis is away. */
  depth(): Promise<readonly { readonly kind: Kind; readonly state: 'waiting' | 'active'; readonly count: number }[]>
  close(): Promise<void>
}

export interface WorkOptions extends QueueOptions {
  /** The kinds served, and how many jobs of each run at a time in this process. */
  readonly concurrency: Partial<Readonly<Record<Kind, number>>>
  /** Does the work; what it throws is logged, the agenda brings the job back. */
  readonly handler: (ref: Ref) => Promise<void>
  readonly log: Log
}

/** A worker that stopped renewing its lock for this long is frozen; one that died is found sooner (rescue.ts). */
const LOCK_MS = 5_000
const STALLED_CHECK_MS = 2_000
const ADD_TIMEOUT_MS = 2_000
/** After a command that failed with its connection; a worker that is closed meanwhile waits for it. */
const RETRY_MS = 500
/** How long a process that ends waits for jobs that still run. */
const LAST_JOBS_MS = 12_000

// Being found stalled says something about workers, nothing about the job: it never fails for that.
const NEVER = Number.MAX_SAFE_INTEGER

/** Opens the adding side. */
export function openQueue({ site, redis, restMs }: AddOptions): JobQueue {
  const connection = connectFailing(redis, `queue:${site}`, ADD_TIMEOUT_MS)
  const queues = new Map<Kind, Queue>()
  const queueOf = (kind: Kind): Queue => {
    const known = queues.get(kind)
    if (known) return known
    const queue = new Queue(kind, { prefix: queuePrefix(site), connection })
    queue.on('error', () => undefined) // each add tells its own caller
    queues.set(kind, queue)
    return queue
  }
  const addAll = async (refs: readonly Ref[]): Promise<void> => {
    const adds = [...byKind(refs.filter(({ kind }) => isWorked(kind)))].map(([kind, ofKind]) =>
      addJobs(queueOf(kind), ofKind),
    )
    await inTime(Promise.all(adds))
  }
  return {
    // Orders that come at once wake placement once.
    add: gather(addAll, restMs === undefined ? undefined : () => pause(restMs, undefined, { ref: false })),
    async depth() {
      const counts = WORKED.map(async (kind) => {
        const { waiting = 0, active = 0 } = await queueOf(kind).getJobCounts('waiting', 'active')
        return [
          { kind, state: 'waiting', count: waiting },
          { kind, state: 'active', count: active },
        ] as const
      })
      return (await inTime(Promise.all(counts))).flat()
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()))
      await closed(connection)
    },
  }
}

/** BullMQ waits for a connection without end; a request must not. */
async function inTime<T>(asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ADD_TIMEOUT_MS)
  })
  try {
    return await Promise.race([asked, late])
  } catch (error) {
    throw fault('unavailable', 'the queue does not answer', { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

function byKind(refs: readonly Ref[]): ReadonlyMap<Kind, readonly Ref[]> {
  const kinds = new Map<Kind, Ref[]>()
  for (const ref of refs) {
    const same = kinds.get(ref.kind)
    if (same) same.push(ref)
    else kinds.set(ref.kind, [ref])
  }
  return kinds
}

/** Serves the kinds until closed; closing waits for the jobs that run. */
export function work({ site, redis, concurrency, handler, log }: WorkOptions): { close(): Promise<void> } {
  const name = randomUUID()
  const serve = async (job: Job): Promise<void> => {
    const ref = refOf(job.data)
    if (!ref) return log.error({ event: 'job.nonsense', job: job.id }, 'a job without a ref')
    try {
      await handler(ref)
    } catch (error) {
      const { kind, message, detail } = asFault(error)
      log.error({ event: 'job.failed', ref: formatRef(ref), kind, message, err: detail.cause ?? error }, 'a job failed')
      throw error
    }
  }
  const connection = connectPatient(redis, `work:${site}`)
  const disconnect = () => Promise.all([connection, ...connection.twins].map(closed))
  const workers = Object.entries(concurrency).map(([kind, number]) => {
    const worker = new Worker(kind, serve, {
      name,
      prefix: queuePrefix(site),
      connection,
      concurrency: number,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: NEVER,
      runRetryDelay: RETRY_MS,
      removeOnComplete: { count: 100 },
      removeOnFail: { count: 100 },
    })
    worker.on('error', (error) =>
      log.warn({ event: 'queue.error', queue: kind, message: error.message }, 'queue error'),
    )
    return worker
  })
  const connected = Promise.all(workers.map((worker) => worker.waitUntilReady()))
  const rescue = startRescue({ site, redis, queues: Object.keys(concurrency), me: name, connected, log })
  return {
    async close() {
      await rescue.stop()
      const closing = Promise.all(workers.map((worker) => worker.close()))
      // Without Redis nothing can be ended in order, and BullMQ would wait for it: others look at these jobs again.
      if (connection.status !== 'ready') await disconnect()
      await closeInTime(closing, LAST_JOBS_MS)
      await disconnect()
    },
  }
}
