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

/** Parts of a copy, 0 to 1, in which a zone does not speak of it. */
export type Hush = readonly { readonly from: number; readonly to: number }[]

/** The value of `imaging`; undefined when it is over, or not spoken of. */
export function progressOf({ from, until }: Imaging, now: number, hush: Hush): string | undefined {
  if (now >= until) return undefined
  const share = (now - from) / (until - from)
  if (hush.some((part) => share >= part.from && share < part.to)) return undefined
  return share < QUEUED ? 'queued' : `${Math.floor(share * 100)}%`
}

/** How many pieces were written so far. */
export const piecesOf = ({ from, until }: Imaging, now: number): number =>
  now >= until ? 100 : Math.floor(((now - from) * 100) / (until - from))
