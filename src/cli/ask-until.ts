/** Asking until it is done: what all commands have in common that order something and wait for a worker's work. */
import { setTimeout as pause } from 'node:timers/promises'
import { fault } from '../faults'

/** ms between two questions. */
const ASK_MS = 250

/** ms for a worker to come to what is asked of it; whatever waits so long is not worked on. */
export const PATIENCE_MS = 60_000

/** ms for work that is under way and shows nothing meanwhile: a large machine's memory and disks over a slow line. */
export const STALLED_MS = 3_600_000

export interface Asking<T> {
  /** What the order was answered with; without it the first thing is to ask. */
  readonly first?: T
  readonly ask: () => Promise<T>
  readonly isDone: (it: T) => boolean
  /** ms that it may take, as it stands; PATIENCE_MS when not said. */
  readonly patienceMs?: number | ((it: T) => number)
  /** How far it is: as long as that changes it is waited on, each time for the whole patience. Without it nothing counts but the end. */
  readonly howFar?: (it: T) => unknown
  /** For people who watch: every answer, the last one too. */
  readonly tell?: (it: T) => void
  /** What to say when the patience is over. */
  readonly late: (it: T, seconds: number) => string
}

/** The answer that was done. Faults: 'timeout', which ends the asking alone, and whatever `ask` throws. */
export async function askUntil<T>(asking: Asking<T>): Promise<T> {
  const { ask, isDone, patienceMs = PATIENCE_MS, howFar = () => null, tell, late } = asking
  let it = asking.first === undefined ? await ask() : asking.first
  let far = JSON.stringify(howFar(it))
  let since = performance.now()
  for (;;) {
    tell?.(it)
    if (isDone(it)) return it
    const patience = typeof patienceMs === 'number' ? patienceMs : patienceMs(it)
    if (performance.now() - since > patience) throw fault('timeout', late(it, patience / 1000))
    await pause(ASK_MS)
    it = await ask()
    const now = JSON.stringify(howFar(it))
    if (now !== far) since = performance.now()
    far = now
  }
}
