/**
 * How far the copy of an image onto a drive is. It runs at the provider by itself, and no call waits for it: each poll looks at the
 * drive and decides by what it tells and by our own mark on it (`user:copy`), so that any worker can go on with it.
 *
 * A zone says `imaging` while it copies, but has been seen to fall silent before the end, or to begin to speak late. So silence alone is
 * no end: it has to last, with nothing written meanwhile; and longer where no sign of the copy was seen at all.
 *
 *   no mark          the copy was never ordered, or its answer was lost: it is ordered, again if need be (same contents)
 *   asked            ordered; nothing of it was seen yet
 *   seen             `imaging` was told, or more was written than before
 *   … since T, W     silent since T (ms), when so much had been written
 */
import type { Drive } from './api/objects'

export type CopyStep =
  | { readonly kind: 'order' }
  /** Write the mark and come back. */
  | { readonly kind: 'mark'; readonly mark: string; readonly percent: number }
  | { readonly kind: 'wait'; readonly percent: number }
  | { readonly kind: 'whole' }

/** How a copy is watched, ms: between two looks, and how much silence is believed. */
export interface Pace {
  readonly lookAgainMs: number
  readonly seenMs: number
  readonly unseenMs: number
}

export const PACE: Pace = { lookAgainMs: 2_000, seenMs: 3_000, unseenMs: 30_000 }

interface Progress {
  readonly phase: 'asked' | 'seen'
  /** null: not silent when it was looked at last. */
  readonly since: number | null
  readonly writes: string
}

/** The mark that says so. */
const format = ({ phase, since, writes }: Progress): string => [phase, since ?? '-', writes].join(' ').trim()

function parse(mark: string): Progress | undefined {
  const [, phase, since, writes = ''] = /^(asked|seen) (-|[0-9]{1,15})(?: (.*))?$/.exec(mark) ?? []
  if (phase !== 'asked' && phase !== 'seen') return undefined
  return { phase, since: since === '-' ? null : Number(since), writes }
}

/** The mark of a drive onto which a copy was ordered just now. `drive` as it was told before. */
export const orderedMark = ({ writes }: Pick<Drive, 'writes'>): string =>
  format({ phase: 'asked', since: null, writes })

/** What is to be done next. `now` in ms. */
export function nextOfCopy({ imaging, writes, marks }: Drive, now: number, pace: Pace): CopyStep {
  const before = parse(marks.get('copy') ?? '')
  if (imaging !== null) {
    const percent = percentIn(imaging)
    const isKnown = before?.phase === 'seen' && before.since === null
    return isKnown ? { kind: 'wait', percent } : markStep({ phase: 'seen', since: null, writes }, percent)
  }
  if (before === undefined) return { kind: 'order' }
  const moved = writes !== before.writes
  const phase = moved ? 'seen' : before.phase
  if (moved || before.since === null) return markStep({ phase, since: now, writes }, LAST_PERCENT)
  const enough = phase === 'seen' ? pace.seenMs : pace.unseenMs
  return now - before.since >= enough ? { kind: 'whole' } : { kind: 'wait', percent: LAST_PERCENT }
}

/** Of a copy that is not spoken of any more, and not believed to be through. */
const LAST_PERCENT = 99

const markStep = (progress: Progress, percent: number): CopyStep => ({ kind: 'mark', mark: format(progress), percent })

/** `queued`, `true`, `42%`. */
function percentIn(imaging: string): number {
  const percent = Number(/^([0-9]{1,3})%$/.exec(imaging)?.[1] ?? 0)
  return Math.min(LAST_PERCENT, percent)
}
