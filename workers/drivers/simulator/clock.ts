/** The simulator's clock: real time plus an offset that only grows, kept in its folder; waits that follow it. */
import { join } from 'node:path'
import { z } from 'zod'
import { type Clock, realClock } from '../../../src/clock'
import { fault } from '../../../src/faults'
import { readJson, writeJson } from './folder'

const schema = z.object({ offsetMs: z.number().nonnegative() })
/** Longer timers are set again: Node's end at 2^31 ms. */
const LONGEST_MS = 3_600_000

export class SimulatedClock implements Clock {
  readonly #path: string
  readonly #moved = new Set<() => void>()
  offsetMs: number

  constructor(folder: string) {
    this.#path = join(folder, 'clock.json')
    this.offsetMs = readJson(this.#path, schema)?.offsetMs ?? 0
  }

  now(): number {
    return realClock.now() + this.offsetMs
  }

  /** Moves the clock forward, on disk first. 'refused' for a step back. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw fault('refused', 'the clock only goes forward')
    writeJson(this.#path, { offsetMs: this.offsetMs + ms })
    this.offsetMs += ms
    for (const listener of [...this.#moved]) listener()
  }

  /** Called after each move; returns the way to stop. */
  onMove(listener: () => void): () => void {
    this.#moved.add(listener)
    return () => this.#moved.delete(listener)
  }

  /** Waits by real time, or by this clock; throws the signal's reason when it is aborted. */
  wait(ms: number, by: 'real' | 'simulated', signal: AbortSignal): Promise<void> {
    const time = by === 'real' ? realClock : this
    const at = time.now() + ms
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined
      const end = (finish: () => void): void => {
        clearTimeout(timer)
        forget()
        signal.removeEventListener('abort', abort)
        finish()
      }
      const look = (): void => {
        clearTimeout(timer)
        const left = at - time.now()
        if (left <= 0) end(resolve)
        else timer = setTimeout(look, Math.min(left, LONGEST_MS)).unref()
      }
      const abort = (): void => end(() => reject(signal.reason))
      const forget = this.onMove(look)
      signal.addEventListener('abort', abort, { once: true })
      if (signal.aborted) abort()
      else look()
    })
  }
}
