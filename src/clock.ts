/** All our time comes from one Clock: real time, or real time plus an offset that a simulator moves and only ever grows. */
export interface Clock {
  /** ms since 1970. */
  now(): number
}

export const realClock: Clock = { now: () => Date.now() }
