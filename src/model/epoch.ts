/**
 * An epoch is the number of a claim: of two that work on one resource, the newer wins.
 *
 * The counter lives in Redis; a restored backup would make it go back. So an epoch is a pair: `era` is the wall clock in
 * ms of the site's first start, or of the moment in which a host was found to know more than the store (after a restore); `number` counts claims
 * within it. Compared era first.
 */
export interface Epoch {
  readonly era: number
  readonly number: number
}

/** Older than every claim. */
export const NO_EPOCH: Epoch = { era: 0, number: 0 }

/** Negative when a is older than b, 0 when they are the same, positive when it is newer. */
export const compareEpochs = (a: Epoch, b: Epoch): number => a.era - b.era || a.number - b.number

/** Whether this epoch is the first of an era that came after the other's. */
export const beginsAfter = (epoch: Epoch, other: Epoch): boolean => epoch.number === 1 && epoch.era > other.era

/** `era.number`, as logs, guards and records write it. */
export const formatEpoch = (epoch: Epoch): string => `${epoch.era}.${epoch.number}`

/** The inverse of formatEpoch; undefined for what is none. */
export function parseEpoch(text: string): Epoch | undefined {
  const match = /^(\d{1,16})\.(\d{1,16})$/.exec(text)
  return match ? { era: Number(match[1]), number: Number(match[2]) } : undefined
}
