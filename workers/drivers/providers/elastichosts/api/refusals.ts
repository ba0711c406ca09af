/** What a zone's refusals are to us: by status, and by what its text says where the status says less. */
import { type Fault, type FaultDetail, type FaultKind, fault } from '../../../../../src/faults'
import { saidIn } from '../../refusals'

export interface Answer {
  readonly status: number
  /** `X-Elastic-Error`, '' where there is none. */
  readonly code: string
  readonly body: Buffer
}

/** What each code means (API reference, X-Elastic-Error), in our own words. */
const WORDS: Readonly<Record<string, string>> = {
  usage: 'it does not take what was asked for',
  billing: 'the account there does not cover it',
  missing: 'it is not there',
  method: 'it does not know the call',
  busy: 'something else is being done with it',
  full: 'there is no room left',
}

/**
 * The fault that an answer other than 2xx means. `what` was asked, for the message. The provider's own words may name the operator's account
 * and what else is in it, and owners of machines read messages: those stay the cause, for the log.
 */
export function faultOf({ status, code, body }: Answer, what: string): Fault {
  const said = saidIn(body)
  const { message, cause } = told({ status, code }, said, what)
  const meant = (kind: FaultKind, words: string, detail: FaultDetail = {}): Fault =>
    fault(kind, words, { ...detail, cause })
  switch (status) {
    case 401:
    case 403:
      // Nothing is concluded from it: a key that was taken back says nothing of machines.
      return meant('unreachable', 'its provider does not accept our credentials', { reason: 'not-authenticated' })
    case 402:
      return meant('refused', message, { reason: 'elsewhere' })
    case 404:
      return meant('refused', message, { reason: 'missing' })
    case 409:
      return meant('busy', message)
    case 429:
      return meant('busy', message, { reason: 'throttled' })
    case 507:
      return meant('refused', message, { reason: 'elsewhere' })
    default:
      if (status === 400 && /could not be found/i.test(said)) return meant('refused', message, { reason: 'missing' })
      if (status >= 400 && status < 500) return meant('refused', message)
      // 5xx: it may be done for all that. 3xx and others: not the zone that was meant.
      return meant('unreachable', `its provider failed at ${what}: status ${status}`)
  }
}

function told({ status, code }: Pick<Answer, 'status' | 'code'>, said: string, what: string) {
  const means = WORDS[code] ?? `status ${status}`
  return {
    message: `its provider refuses ${what}: ${means}`,
    cause: new Error(`${status} ${code}: ${said}`.trim()),
  }
}
