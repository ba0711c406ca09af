/** Faults in the admin API: HTTP status and a JSON body. Kept complete by the compiler. */
import type { ErrorRequestHandler } from 'express'
import { asFault, type FaultKind } from '../faults'

export const ADMIN_STATUS = {
  malformed: 400,
  missing: 400,
  'unknown-field': 400,
  invalid: 400,
  combination: 400,
  'too-large': 413,
  unauthenticated: 401,
  forbidden: 403,
  immutable: 403,
  'not-found': 404,
  state: 409,
  conflict: 409,
  'in-use': 409,
  exists: 409,
  quota: 403,
  throttled: 429,
  'no-capacity': 409,
  idempotency: 409,
  unsupported: 501,
  unacceptable: 406,
  unavailable: 503,
  internal: 500,
  stale: 503,
  busy: 503,
  refused: 503,
  unreachable: 503,
  timeout: 503,
} as const satisfies Record<FaultKind, number>

/** What a body of an answer that is no success says. `code` is the fault's kind. */
export interface Problem {
  readonly code: FaultKind
  readonly message: string
  readonly field?: string
  readonly allowed?: readonly string[]
  readonly requestId: string
}

/** Writes whatever was thrown as a Problem. The cause goes to the log, never to the caller. */
export const adminErrors: ErrorRequestHandler = (thrown: unknown, req, res, next) => {
  if (res.headersSent) return next(thrown)
  const { kind, message, detail } = asFault(thrown)
  const status = ADMIN_STATUS[kind]
  const problem: Problem = {
    code: kind,
    message,
    ...(detail.field === undefined ? {} : { field: detail.field }),
    ...(detail.allowed === undefined ? {} : { allowed: detail.allowed }),
    requestId: req.requestId,
  }
  if (status >= 500) res.err = asFault(thrown)
  if (status === 401) res.setHeader('WWW-Authenticate', 'Bearer realm="occi-gateway"')
  if (status === 503 || status === 429) res.setHeader('Retry-After', '1')
  res.status(status).json(problem)
}
