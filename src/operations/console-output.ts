/**
 * The console of a machine (EC2 GetConsoleOutput): the wish to look at it is written, a worker looks, and what it saw comes back
 * through the mirror. Every asking looks again.
 */
import type { ComputeId } from '../model/ids'
import type { ConsoleSeen, ConsoleWish } from '../model/records'
import type { Change, Mirror } from '../store/store'
import { attempt } from './attempt'
import type { Caller, Context } from './context'
import { getCompute } from './read-computes'

export const CONSOLE_WAIT_MS = 5_000

/** What was seen last when no worker looks within the time; null: never seen. Faults: 'not-found', 'conflict', 'unavailable'. */
export async function consoleOutput(
  context: Context,
  caller: Caller,
  id: ComputeId,
  waitMs: number = CONSOLE_WAIT_MS,
): Promise<ConsoleSeen | null> {
  const { project } = await getCompute(context, caller, id)
  const asked = await attempt(context, caller.actor, 'ask-console', async () => {
    const now = context.clock.now()
    const ref = { kind: 'console', id } as const
    const known = await context.store.read('console', id)
    const wish: ConsoleWish = {
      asked: (known?.wish.asked ?? 0) + 1,
      createdAt: known?.wish.createdAt ?? now,
      askedAt: now,
    }
    const change: Partial<Change> = known
      ? { updates: [{ ref, project, generation: known.generation, wish, raisePhase: false, wake: true }] }
      : { creates: [{ ref, project, wish, seen: null, journal: null, place: null, wake: true }] }
    return { change, value: wish.asked }
  })
  const isAnswered = (seen: ConsoleSeen | null): boolean => (seen?.asked ?? 0) >= asked
  await context.mirror.fresh(caller.project)
  return waitFor(context.mirror, id, isAnswered, waitMs)
}

function waitFor(
  mirror: Mirror,
  id: ComputeId,
  isAnswered: (seen: ConsoleSeen | null) => boolean,
  waitMs: number,
): Promise<ConsoleSeen | null> {
  const look = (): ConsoleSeen | null => mirror.get('console', id)?.seen ?? null
  if (isAnswered(look())) return Promise.resolve(look())
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      stop()
      resolve(look())
    }
    const timer = setTimeout(end, waitMs)
    const stop = mirror.onEvent(() => {
      if (isAnswered(look())) end()
    })
  })
}
