/** How this front says what went wrong: one table, kept complete by the compiler (GFD.223 §5.7, GFD.185 §3.6.7). */
import type { Fault, FaultKind } from '../faults'
import { contentType, isJson, negotiateError } from './negotiation'

const STATUS = {
  malformed: 400,
  missing: 400,
  // The 1.1 table: an unknown kind, mixin, action or attribute named in the request.
  'unknown-field': 404,
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
} satisfies Record<FaultKind, number>

/** Finer words, where one kind has several codes in this protocol. */
const BY_REASON: Readonly<Record<string, number>> = { 'media-type': 415, method: 405 }

/** The status code of a fault. */
export function statusOf({ kind, detail }: Fault): number {
  const { reason } = detail
  return reason !== undefined && Object.hasOwn(BY_REASON, reason) ? (BY_REASON[reason] ?? STATUS[kind]) : STATUS[kind]
}

export interface ErrorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One line of text/plain, or JSON where that is what the caller prefers. Never HTML, never a line that reads like a rendering. */
export function errorAnswer(fault: Fault, accept: string | undefined): ErrorAnswer {
  const status = statusOf(fault)
  const type = negotiateError(accept)
  const { field, position, allowed } = fault.detail
  const message = oneLine(withAllowed(fault.message, allowed))
  return {
    status,
    headers: {
      'Content-Type': contentType(type),
      ...(status === 405 ? { Allow: (allowed ?? []).join(', ') } : {}),
      ...(status === 503 || status === 429 ? { 'Retry-After': '1' } : {}),
    },
    body: isJson(type)
      ? JSON.stringify({ code: status, kind: fault.kind, message, field, ...position, allowed })
      : `${status} ${fault.kind}: ${message}`,
  }
}

const withAllowed = (message: string, allowed: readonly string[] | undefined): string =>
  allowed === undefined || allowed.every((word) => message.includes(word))
    ? message
    : `${message} (allowed: ${allowed.join(', ') || 'nothing'})`

const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
