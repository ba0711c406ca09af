/** How often in a row a process has died, and how long to wait before it is started again. */

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000
/** One that ran so long begins with the shortest pause again. */
const STEADY_MS = 30_000

/** How long to wait before the next start, after so many deaths in a row. */
export const pauseAfter = (deaths: number): number => Math.min(FIRST_PAUSE_MS * 2 ** (deaths - 1), LONGEST_PAUSE_MS)

export interface Deaths {
  /** In a row. */
  readonly count: number
  /** It runs from now on. */
  started(): void
  /** It has died; how long to wait before its next start, ms. */
  died(): number
}

/** `now`: ms of a clock that only goes on. */
export function countDeaths(now: () => number = () => performance.now()): Deaths {
  let count = 0
  let startedAt = now()
  return {
    get count() {
      return count
    },
    started() {
      startedAt = now()
    },
    died() {
      count = now() - startedAt > STEADY_MS ? 1 : count + 1
      return pauseAfter(count)
    },
  }
}
