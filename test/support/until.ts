/** Waiting for a condition instead of sleeping. */
import { setTimeout as pause } from 'node:timers/promises'

export interface UntilOptions {
  /** Default 30 s: a machine that is busy with other tests may hold any process up for long. */
  readonly timeoutMs?: number
  readonly everyMs?: number
  /** Named when it does not come true. */
  readonly what?: string
}

/**
 * Polls until the condition gives something true and returns that. A condition that throws is asked again; its last error
 * is told when the time is over.
 */
export async function until<T>(condition: () => T | Promise<T>, options: UntilOptions = {}): Promise<NonNullable<T>> {
  const giveUpAt = performance.now() + (options.timeoutMs ?? 30_000)
  for (;;) {
    let last: unknown
    try {
      const value = await condition()
      if (value) return value
      last = value
    } catch (error) {
      last = error
    }
    if (performance.now() > giveUpAt)
      throw new Error(`waited in vain for ${options.what ?? 'a condition'}: ${String(last)}`, { cause: last })
    await pause(options.everyMs ?? 10)
  }
}
