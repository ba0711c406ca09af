/**
 * The clockwork of a worker: each second, what is due on the agenda is put into the queue. The agenda is outbox, retry timer,
 * resync and orphan hunt in one, so this is all that ever brings lost work back. The period is real time; what is due is
 * decided by our clock.
 */
import { asFault } from '../../src/faults'
import { formatRef, type Kind, parseRef, type Ref } from '../../src/model/ids'
import type { Work } from './work'

export const SWEEP_MS = 1000
const LIMIT = 2000
/** So many are put into the queue by one call: a queue that is slow gets through with some of them. */
const AT_ONCE = 500

export interface Sweeper {
  /** Looks at it again with the next sweep that gets through: its job failed for want of the store or the queue. */
  again(ref: Ref): void
  /** Ends it; a sweep under way is waited for. */
  stop(): Promise<void>
}

/**
 * Sweeps at once and then each second. `served`: kinds that have workers; `other` takes what is of no such kind, one after the other, and
 * the next sweep waits for it: it may do no more than take it off the agenda.
 */
export function startSweeping(work: Work, served: ReadonlySet<Kind>, other: (ref: Ref) => Promise<void>): Sweeper {
  const missed = new Set<string>()
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let sweeping: Promise<void> = Promise.resolve()

  const sweep = async (): Promise<void> => {
    const due = missed.size < LIMIT ? await work.store.sweep(work.clock.now(), LIMIT - missed.size) : []
    // The agenda brings them back in half a minute only, and of most that were placed at once nobody else was told.
    for (const ref of due) missed.add(formatRef(ref))
    const refs = [...missed].map(parseRef).filter((ref) => ref !== undefined)
    for (let from = 0; from < refs.length; from += AT_ONCE) {
      const some = refs.slice(from, from + AT_ONCE)
      const queued = some.filter((ref) => served.has(ref.kind))
      await work.queue.add(queued)
      for (const ref of queued) missed.delete(formatRef(ref))
    }
    for (const ref of refs) {
      if (served.has(ref.kind)) continue
      await alone(ref)
      missed.delete(formatRef(ref))
    }
    if (refs.length >= LIMIT && !stopping.signal.aborted) await sweep()
  }
  /** One that fails is brought back by the agenda and holds up no other; without the store none gets through. */
  const alone = async (ref: Ref): Promise<void> => {
    try {
      await other(ref)
    } catch (thrown) {
      const { kind, message } = asFault(thrown)
      if (kind === 'unavailable') throw thrown
      work.log.error({ event: 'job.failed', ref: formatRef(ref), kind, message, err: thrown }, 'a job failed')
    }
  }
  const tick = (): void => {
    sweeping = sweep()
      .catch((thrown) => work.log.warn({ fault: asFault(thrown).kind, message: asFault(thrown).message }, 'no sweep'))
      .finally(() => {
        if (!stopping.signal.aborted) timer = setTimeout(tick, SWEEP_MS)
      })
  }
  tick()
  return {
    again: (ref) => void missed.add(formatRef(ref)),
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await sweeping
    },
  }
}
