/**
 * Reading while Redis is away (writes get 503, reads go on). Normally every read awaits `mirror.fresh`, so it
 * shows whatever any gateway acknowledged. When Redis does not answer, nothing can be acknowledged through it either, and
 * reads are answered from the mirror as it is; for a bounded time, because revoked credentials must not live on for ever in
 * a gateway that was cut off.
 */
import { asFault } from '../faults'
import type { Log } from '../log'
import type { ProjectId } from '../model/ids'
import type { Mirror } from '../store/store'
import type { Caller } from './context'

/**
 * What all projects share, as it is since the caller's request came in: where that was compared with Redis since, for finding out who
 * asks or for another request, it is not compared once more.
 */
export async function freshForAll(
  mirror: Pick<Mirror, 'fresh' | 'sharedAsOf'>,
  { arrivedAt = Number.POSITIVE_INFINITY }: Pick<Caller, 'arrivedAt'>,
): Promise<void> {
  if (mirror.sharedAsOf < arrivedAt) await mirror.fresh()
}

/** How long reads go on without Redis. */
export const STALE_LIMIT_MS = 5 * 60_000

/** A mirror whose `fresh` accepts an older state while Redis is away. For reads only; `now` is monotonous time in ms. */
export function tolerant(mirror: Mirror, log: Log, now: () => number = () => performance.now()): Mirror {
  let lastFresh = Number.NEGATIVE_INFINITY
  let away = false
  let probing = false

  const ask = async (projects: readonly ProjectId[]): Promise<void> => {
    await mirror.fresh(...projects)
    if (away) log.info('Redis answers again')
    lastFresh = now()
    away = false
  }

  /** While Redis is away one probe waits for it; everybody else is answered at once. */
  const probe = (): void => {
    if (probing) return
    probing = true
    ask([])
      .catch(() => undefined)
      .finally(() => {
        probing = false
      })
  }

  const fresh = async (...projects: readonly ProjectId[]): Promise<void> => {
    const mayBeStale = (): boolean => mirror.ready && now() - lastFresh < STALE_LIMIT_MS
    if (away && mayBeStale()) return probe()
    try {
      await ask(projects)
    } catch (thrown) {
      const failure = asFault(thrown)
      if (failure.kind !== 'unavailable' || !mayBeStale()) throw failure
      if (!away) log.warn({ err: failure }, 'Redis is away; reads show the last known state')
      away = true
    }
  }

  return {
    fresh,
    get sharedAsOf() {
      return mirror.sharedAsOf
    },
    get: (kind, id) => mirror.get(kind, id),
    list: (kind, project) => mirror.list(kind, project),
    all: (kind) => mirror.all(kind),
    named: (name) => mirror.named(name),
    revision: (project) => mirror.revision(project),
    asOf: (project) => mirror.asOf(project),
    onEvent: (listener) => mirror.onEvent(listener),
    get ready() {
      return mirror.ready
    },
    close: () => mirror.close(),
  }
}
