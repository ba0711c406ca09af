/** What a zone's refusals are to us: by status, and by what its text says where the status says less. */
import { type Fault, fault } from '../../../../../src/faults'

export interface Answer {
  readonly status: number
  /** `X-Elastic-Error`, '' where there is none. */
  readonly code: string
  readonly body: Buffer
}

/** As much of a zone's own words as is told on. */
const MOST_CHARS = 200

/** The fault that an answer other than 2xx means. `what` was asked, for the message. */
export function faultOf({ status, code, body }: Answer, what: string): Fault {
  const said = saidIn(body)
  const message = `the provider refused ${what}: ${said === '' ? `status ${status} ${code}`.trim() : said}`
  switch (status) {
    case 401:
    case 403:
      // Nothing is concluded from it: a key that was taken back says nothing of machines.
      return fault('unreachable', 'the provider does not accept the credentials', { reason: 'not-authenticated' })
    case 402:
      return fault('refused', message, { reason: 'elsewhere' })
    case 404:
      return fault('refused', message, { reason: 'missing' })
    case 409:
      return fault('busy', message)
    case 429:
      return fault('busy', message, { reason: 'throttled' })
    case 507:
      return fault('refused', message, { reason: 'elsewhere' })
    default:
      if (status === 400 && /could not be found/i.test(said)) return fault('refused', message, { reason: 'missing' })
      if (status >= 400 && status < 500) return fault('refused', message)
      // 5xx: it may be done for all that. 3xx and others: not the zone that was meant.
      return fault('unreachable', `the provider failed at ${what}: status ${status} ${code}`.trim())
  }
}

const saidIn = (body: Buffer): string =>
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
