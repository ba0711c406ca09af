/** What a server's refusals are to us, by status (GFD.223 §5.7, GFD.185 §3.6.7). */
import { type Fault, fault } from '../../../../../src/faults'
import { saidIn } from '../../refusals'

export interface Refusal {
  readonly status: number
  readonly body: Buffer
}

/** What was asked: to look changes nothing; what is made may be made elsewhere. */
export type Asking = 'look' | 'make' | 'change'

/**
 * The fault that an answer other than 2xx means. `what` was asked, for the message. The server's own words may name the operator's
 * account, and owners of machines read messages: those stay the cause, for the log, but for the one word that our own kind says.
 */
export function faultOf({ status, body }: Refusal, asking: Asking, what: string): Fault {
  const said = saidIn(body)
  const word = wordIn(said)
  const message = `its provider refuses to ${what} (${status}${word === undefined ? '' : ` ${word}`})`
  const cause = new Error(`${status}: ${said}`)
  // A gateway of our own kind that is full now is asked again later; others are left alone.
  const forMaking = word === 'no-capacity' || word === 'quota' ? 'no-room' : 'elsewhere'
  const refused = (reason?: string): Fault =>
    fault('refused', message, { cause, ...(asking === 'make' ? { reason: forMaking } : reason ? { reason } : {}) })
  if (status === 401 || (status === 403 && asking === 'look'))
    // Nothing is concluded from it: a password that was taken back says nothing of machines.
    return fault('unreachable', 'its provider does not accept the credentials', { reason: 'not-authenticated', cause })
  if (status === 429) return fault('busy', message, { reason: 'throttled', cause })
  // Not in the state for it, or not yet: looked at again before it is asked again.
  if (status === 409 && asking === 'change') return fault('busy', message, { cause })
  if (status === 404 || status === 410) return refused('missing')
  if (status === 501 || (status >= 400 && status < 500)) return refused()
  // Other 5xx: it may be done for all that. 3xx and others: not the server that was meant.
  return fault('unreachable', `its provider failed to ${what} (${status})`, { cause })
}

/** `no-capacity` of `409 no-capacity: …` and of `{"code":409,"kind":"no-capacity",…}`. */
const wordIn = (said: string): string | undefined =>
  /^(?:\d{3} |\{"code":\d{3},"kind":")([a-z-]{2,32})[:"]/.exec(said)?.[1]
