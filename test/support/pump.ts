/**
 * Runs a site's jobs by hand, one after another, on a clock of the test's: what is due on the agenda, and what was told to the
 * queue. A worker that crashes is replaced by a fresh one, as a process would be.
 */
import type { Clock } from '../../src/clock'
import { realClock } from '../../src/clock'
import type { ImageStore } from '../../src/images/image-store'
import { formatRef, parseRef, type Ref } from '../../src/model/ids'
import type { Driver } from '../../workers/drivers/driver'
import { reconcile } from '../../workers/reconcile/dispatch'
import type { Point, Work } from '../../workers/reconcile/work'
import type { Site } from './site'

/** A worker process died here: nothing after this point was done. */
export class Crash extends Error {}

export interface Pump {
  readonly clock: Clock & { advance(ms: number): void }
  /** Points passed so far. */
  readonly passed: readonly string[]
  /** Runs jobs until the condition holds; time goes on by a second whenever nothing is due. */
  until(condition: () => Promise<boolean>, what: string): Promise<void>
  /** Runs what is due now. */
  turn(): Promise<void>
}

export interface PumpOptions {
  /** Called at each point, with how many were passed before; throws a Crash to crash there. */
  readonly at?: (point: Point, ref: Ref, passed: number) => void | Promise<void>
  /** Whether the queue works; else everything waits for the agenda. */
  readonly queue?: 'works' | 'loses-all'
  readonly hostPollMs?: number
  /** 0: each job is one effect at most. */
  readonly onwardMs?: number
  /** Puts something between the worker and its driver: a host that does not tell the truth. */
  readonly between?: (driver: Driver) => Driver
  /** The same, before its image store. */
  readonly store?: (images: ImageStore) => ImageStore
  /** Others' places beside its own. */
  readonly shares?: Work['shares']
  /** The simulator's time goes on with the workers'. */
  readonly hosts?: 'age'
}

/** Simulated seconds before giving up: more than an agenda entry takes to come back after several crashes. */
const PATIENCE_S = 900

export function openPump(site: Site, options: PumpOptions = {}): Pump {
  let offset = 0
  const told = new Set<string>()
  const passed: string[] = []
  const clock = {
    now: () => realClock.now() + offset,
    advance(ms: number) {
      offset += ms
    },
  }
  const queue: Work['queue'] = {
    async add(refs) {
      if (options.queue !== 'loses-all') for (const ref of refs) told.add(formatRef(ref))
    },
  }
  const at: Work['at'] = async (point, ref) => {
    const before = passed.length
    passed.push(`${point} ${ref.kind}`)
    await options.at?.(point, ref, before)
  }
  const plain = site.work({ at, queue, clock })
  const { between = (driver: Driver) => driver, store = (images: ImageStore) => images } = options
  const work: Work = {
    ...plain,
    hostPollMs: options.hostPollMs ?? 10_000,
    ...(options.onwardMs === undefined ? {} : { onwardMs: options.onwardMs }),
    ...(options.shares === undefined ? {} : { shares: options.shares }),
    driver: (kind) => between(plain.driver(kind)),
    images: store(plain.images),
  }

  const turn = async (): Promise<number> => {
    const due = await site.store.sweep(clock.now(), 1000)
    const refs = new Set([...told, ...due.map(formatRef)])
    told.clear()
    for (const text of refs) {
      const ref = parseRef(text)
      if (!ref) continue
      try {
        await reconcile(work, ref)
      } catch (thrown) {
        if (!(thrown instanceof Crash)) throw thrown
        // What the dead process had in hand is lost with it.
        told.clear()
      }
    }
    return refs.size
  }
  return {
    clock,
    passed,
    turn: async () => void (await turn()),
    async until(condition, what) {
      for (let seconds = 0; seconds < PATIENCE_S; ) {
        if (await condition()) return
        if ((await turn()) > 0) continue
        clock.advance(1000)
        if (options.hosts === 'age') await site.simulator.admin.advance(1000)
        seconds += 1
      }
      throw new Error(`waited in vain for ${what}; the last points: ${passed.slice(-12).join(', ')}`)
    },
  }
}
