/** The first stretch that a lease can get: now, or where something else ends, for nothing becomes free in between. */
import type { Desk, Work } from './desk'
import type { Segment } from './lease'
import { type Cut, stretchAt } from './stretch'

/** From `from` on; null: never, as things are. */
export function earliest(
  desk: Desk,
  work: Work,
  { from = work.from, cut = 'may-be-cut' }: { readonly from?: number; readonly cut?: Cut } = {},
): Segment | null {
  const start = Math.max(from, work.from)
  for (const time of times(desk, work, start)) {
    const segment = stretchAt(desk, work, time, cut)
    if (segment) return segment
  }
  return null
}

/** When it could begin at all, in order. */
function* times({ calendar, images }: Desk, work: Work, start: number): Generator<number> {
  yield start
  const copied = work.suspendedOn ? start : images.readyAt(work.lease)
  let isCopied = copied <= start
  for (const end of calendar.endsAfter(start)) {
    if (!isCopied && copied < end) {
      isCopied = true
      yield copied
    }
    if (end !== copied || isCopied) yield end
  }
  if (!isCopied) yield copied
}
