/** How far a copy onto a drive is, by the simulator's clock: queued, then percent, then no word of it at all. */

export interface Imaging {
  readonly source: string
  readonly from: number
  readonly until: number
  /** The source is a gzip file and is unpacked on the way, packed on the way, or copied as it is. */
  readonly how: 'plain' | 'gunzip' | 'gzip'
}

/** The part of a copy at its start for which it is only queued. */
const QUEUED = 0.01

/** The value of `imaging`; undefined when it is over. */
export function progressOf({ from, until }: Imaging, now: number): string | undefined {
  if (now >= until) return undefined
  const share = (now - from) / (until - from)
  return share < QUEUED ? 'queued' : `${Math.floor(share * 100)}%`
}
