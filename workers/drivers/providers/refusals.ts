/** What a provider says when it refuses, whatever protocol it speaks. */
import type { Fault } from '../../../src/faults'

/** As much of its own words as is kept for the log. */
const MOST_CHARS = 200

/** The first line of an answer's body, in plain characters. */
export const saidIn = (body: Buffer): string =>
  body
    .subarray(0, 4 * MOST_CHARS)
    .toString('utf8')
    .split('\n', 1)
    .join('')
    .replaceAll(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, MOST_CHARS)

/** Whether a call failed because what it named is not there. */
export const isMissing = (thrown: Fault): boolean => thrown.kind === 'refused' && thrown.detail.reason === 'missing'
