/** Repeating an effect until it is through, as jobs do. */
import { setTimeout as pause } from 'node:timers/promises'
import { asFault, type FaultKind } from '../../src/faults'
import type { Effect } from '../../workers/drivers/driver'

export interface ThroughOptions {
  /** ms; default 20 s. */
  readonly patienceMs?: number
  /** ms between two tries, at most, whatever the effect says; default 50. */
  readonly mostMs?: number
  /** Faults after which a job tries again; all others are thrown. */
  readonly retriesOn?: readonly FaultKind[]
}

/** Asks under the same key, or whatever `order` says, until it is done; its value. Throws when the patience is over. */
export async function through<T>(order: () => Promise<Effect<T>>, options: ThroughOptions = {}): Promise<T> {
  const { patienceMs = 20_000, mostMs = 50, retriesOn = [] } = options
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    const effect = await order().catch((thrown: unknown) => {
      if (!retriesOn.includes(asFault(thrown).kind)) throw thrown
      return { state: 'running', percent: 0, lookAgainMs: mostMs } as const
    })
    if (effect.state === 'done') return effect.value
    if (performance.now() > giveUpAt) throw new Error(`still ${effect.percent} % after ${patienceMs / 1000} s`)
    await pause(Math.min(effect.lookAgainMs, mostMs))
  }
}
