/** Repeats until it is through, as the agenda does, for as long as there is patience. */
import { setTimeout as pause } from 'node:timers/promises'
import { asFault, fault } from '../../../src/faults'
import type { Effect } from '../../../workers/drivers/driver'

export interface Patience {
  readonly patienceMs: number
  /** Aborted with the fault that is thrown then. A call that is under way is always awaited: it may make something. */
  readonly signal?: AbortSignal
}

/** ms until the next try after a fault. */
const AGAIN_MS = 1000

/**
 * Also past faults that say nothing of what was done. Faults: the effect's own where it would be refused again, or patience is over;
 * 'timeout'; the signal's.
 */
export async function through<T>(order: () => Promise<Effect<T>>, { patienceMs, signal }: Patience): Promise<T> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    signal?.throwIfAborted()
    const left = await attempt(order)
    if (left.state === 'done') return left.value
    if (performance.now() > deadline)
      throw left.state === 'fault' ? left.fault : fault('timeout', `not through after ${patienceMs / 1000} s`)
    const lookAgainMs = left.state === 'fault' ? AGAIN_MS : left.lookAgainMs
    // An end of the pause by the signal is told at the top.
    await pause(lookAgainMs, undefined, signal ? { signal } : {}).catch(() => undefined)
  }
}

async function attempt<T>(order: () => Promise<Effect<T>>) {
  try {
    return await order()
  } catch (thrown) {
    const failed = asFault(thrown)
    // Credentials that are not accepted are not accepted again: nobody is to wait for minutes to learn it.
    if (!failed.retriable || failed.detail.reason === 'not-authenticated') throw thrown
    return { state: 'fault', fault: failed } as const
  }
}
