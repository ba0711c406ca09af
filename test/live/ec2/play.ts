/** Plays the steps in turn. Whatever becomes of them, all that bears the mark is ended last. */
import { asFault } from '../../../src/faults'
import type { Stage } from './stage'
import { cleaning, type Step } from './steps'

export interface Sums {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export interface Play {
  readonly steps: readonly Step[]
  readonly stage: Stage
  /** No step begins or waits after it. */
  readonly signal: AbortSignal
  readonly tell: (line: string) => void
}

/** After one that failed the others are skipped. */
export async function play({ steps, stage, signal, tell }: Play): Promise<Sums> {
  const sums = { passed: 0, failed: 0, skipped: 0 }
  const attempt = async (name: string, deed: () => Promise<string>): Promise<void> => {
    try {
      tell(`ok      ${name}: ${await deed()}`)
      sums.passed += 1
    } catch (thrown) {
      tell(`FAILED  ${name}: ${told(thrown)}`)
      sums.failed += 1
    }
  }
  for (const { name, run } of steps) {
    if (sums.failed > 0) sums.skipped += 1
    else
      await attempt(name, async () => {
        signal.throwIfAborted()
        return run(stage, signal)
      })
  }
  await attempt('end all that bears the mark', () => cleaning(stage))
  return sums
}

/** With the provider's own words: whoever runs this owns the account. */
function told(thrown: unknown): string {
  const { message, cause } = asFault(thrown)
  return cause instanceof Error ? `${message}: ${cause.message}` : message
}
