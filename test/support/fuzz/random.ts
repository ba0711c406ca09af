/** Chance that can be had again: the same seed gives the same requests (mulberry32). */
export interface Random {
  /** From 0 up to, without, `most`. */
  int(most: number): number
  pick<T>(from: readonly T[]): T
  /** Once in `n` times. */
  once(n: number): boolean
}

export function random(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (most: number): number => Math.floor(next() * most)
  return {
    int,
    pick: <T>(from: readonly T[]): T => {
      const found = from[int(from.length)]
      if (found === undefined) throw new Error('nothing to pick from')
      return found
    },
    once: (n) => int(n) === 0,
  }
}
