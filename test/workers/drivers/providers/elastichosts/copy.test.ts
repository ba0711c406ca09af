/** How far a copy is: what each look at a drive leads to, and that silence alone is no end. */
import fc from 'fast-check'
import type { Drive } from '../../../../../workers/drivers/providers/elastichosts/api/objects'
import { type CopyStep, nextOfCopy, orderedMark } from '../../../../../workers/drivers/providers/elastichosts/copy'

const PACE = { lookAgainMs: 2_000, seenMs: 3_000, unseenMs: 30_000 }
const drive = (imaging: string | null, writes: string, mark?: string): Drive => ({
  id: 'd',
  size: 1,
  imaging,
  writes,
  marks: new Map(mark === undefined ? [] : [['copy', mark]]),
})
const next = (imaging: string | null, writes: string, mark: string | undefined, now: number): CopyStep =>
  nextOfCopy(drive(imaging, writes, mark), now, PACE)

test.each<readonly [string, Parameters<typeof next>, CopyStep]>([
  ['never ordered', [null, '0', undefined, 9_000], { kind: 'order' }],
  ['a mark that nobody wrote', [null, '0', 'gibberish', 9_000], { kind: 'order' }],
  ['ordered, its mark lost', ['queued', '0', undefined, 9_000], { kind: 'mark', mark: 'seen - 0', percent: 0 }],
  ['told first', ['12%', '5', 'asked - 0', 9_000], { kind: 'mark', mark: 'seen - 5', percent: 12 }],
  ['told again', ['42%', '50', 'seen - 5', 9_000], { kind: 'wait', percent: 42 }],
  ['told without a number', ['true', '50', 'seen - 5', 9_000], { kind: 'wait', percent: 0 }],
  ['silent the first time', [null, '50', 'seen - 50', 9_000], { kind: 'mark', mark: 'seen 9000 50', percent: 99 }],
  ['silent too short', [null, '50', 'seen 9000 50', 11_999], { kind: 'wait', percent: 99 }],
  ['silent long enough', [null, '50', 'seen 9000 50', 12_000], { kind: 'whole' }],
  ['silent and written to', [null, '51', 'seen 9000 50', 12_000], { kind: 'mark', mark: 'seen 12000 51', percent: 99 }],
  ['told after silence', ['60%', '60', 'seen 9000 50', 12_000], { kind: 'mark', mark: 'seen - 60', percent: 60 }],
  ['never told, never written', [null, '0', 'asked 9000 0', 12_000], { kind: 'wait', percent: 99 }],
  ['never told, for long', [null, '0', 'asked 9000 0', 39_000], { kind: 'whole' }],
  ['never told, but written', [null, '9', 'asked - 0', 9_000], { kind: 'mark', mark: 'seen 9000 9', percent: 99 }],
  ['a zone that counts no writes', [null, '', 'seen 9000', 12_000], { kind: 'whole' }],
  ['a clock that is behind', [null, '50', 'seen 9000 50', 1_000], { kind: 'wait', percent: 99 }],
])('%s', (_name, given, step) => expect(next(...given)).toEqual(step))

/** A zone that copies: told and written by its own clock, and what our looks at it lead to. */
function endOf(spoken: readonly boolean[], everyMs: number, copyMs: number): number | undefined {
  let mark = orderedMark({ writes: '0' })
  for (let [now, look] = [everyMs, 0]; look < 2_000; now += everyMs, look += 1) {
    const copying = now < copyMs
    const imaging = copying && spoken[look % spoken.length] ? '50%' : null
    const step = next(imaging, String(Math.min(now, copyMs)), mark, now)
    if (step.kind === 'whole') return now
    if (step.kind === 'mark') mark = step.mark
  }
  return undefined
}

test('whenever a zone speaks of its copy, it is believed to be through after it is, and soon', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }),
      fc.integer({ min: 200, max: 4_000 }),
      fc.integer({ min: 1, max: 200_000 }),
      (spoken, everyMs, copyMs) => {
        const at = endOf(spoken, everyMs, copyMs) ?? Number.NaN
        expect(at).toBeGreaterThanOrEqual(copyMs)
        expect(at).toBeLessThanOrEqual(copyMs + 3 * everyMs + PACE.unseenMs)
      },
    ),
  )
})
