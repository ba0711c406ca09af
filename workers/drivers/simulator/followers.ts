/**
 * Processes that follow the simulator's clock. Each is pushed the offset when it comes and whenever it grows, and says so when
 * it has taken it, so that `clock.advance` is answered only when every follower shows the new time.
 */
import { z } from 'zod'
import { fault } from '../../../src/faults'
import type { SimulatedClock } from './clock'
import type { Answer, Connection } from './serve'
import { parseArgs } from './wire'

/** A follower that is frozen or busy does not hold up the clock longer than this, ms. */
const PATIENCE_MS = 2_000

export function clockFollowers(clock: SimulatedClock): { answer: Answer } {
  /** What each follower has taken, ms. */
  const taken = new Map<Connection, number>()
  let waiting: (() => void)[] = []
  const check = (): void => {
    if ([...taken.values()].some((offsetMs) => offsetMs < clock.offsetMs)) return
    for (const go of waiting) go()
    waiting = []
  }
  const push = (connection: Connection): void => connection.push({ clock: { offsetMs: clock.offsetMs } })
  const follow = (connection: Connection): void => {
    taken.set(connection, -1)
    connection.onClose(() => {
      taken.delete(connection)
      check()
    })
    push(connection)
  }
  const caughtUp = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS)
      waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
      check()
    })
  clock.onMove(() => {
    for (const connection of taken.keys()) push(connection)
  })
  return {
    answer: async (request, connection) => {
      switch (request.verb) {
        case 'clock.follow':
          follow(connection)
          return null
        case 'clock.taken':
          taken.set(connection, parseArgs(z.object({ offsetMs: z.number() }), request.args).offsetMs)
          check()
          return null
        case 'clock.advance':
          clock.advance(parseArgs(z.object({ ms: z.number() }), request.args).ms)
          await caughtUp()
          return { offsetMs: clock.offsetMs, now: clock.now() }
        default:
          throw fault('unsupported', `the simulator's clock has no verb ${request.verb}`)
      }
    },
  }
}
