/** What our middleware adds to Express's requests. */
import type { Fault } from '../faults'
import type { Caller, Operator } from '../operations/context'

declare global {
  namespace Express {
    // passport declares `user?: User` on requests.
    interface User extends Partial<Caller>, Partial<Operator> {}
    interface Request {
      /** A UUID of ours; header `x-request-id` of the answer. */
      requestId: string
      /** Found out before it was known whose protocol it is; told by that front (http/app.ts). */
      refusal?: Fault
    }
  }
}

declare module 'http' {
  interface ServerResponse {
    /** What a front answered with 5xx, for the log: its cause is never told to the caller. */
    err?: Error | undefined
  }
}
