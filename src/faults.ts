/**
 * The one closed list of faults. Every part of the gateway throws these and nothing else on purpose; each front has
 * one table from kind to its protocol's code, kept complete by the compiler (`satisfies Record<FaultKind, …>`).
 *
 * `message` is for the caller and says what to do next; `cause` is for the log only.
 */

/** What can go wrong, in the caller's or the host's eyes. */
export type FaultKind =
  // what a caller sends
  | 'malformed' // cannot be parsed at all
  | 'missing' // a required field is absent
  | 'unknown-field' // a field, parameter, category or attribute that does not exist
  | 'invalid' // a field's value is not allowed
  | 'combination' // fields that do not go together
  | 'too-large' // more bytes, items or members than a limit allows
  | 'unauthenticated' // no or wrong credentials
  | 'forbidden' // known caller, not allowed
  | 'immutable' // an attribute or category that only the server sets
  | 'not-found' // no such thing in the caller's project
  | 'state' // the verb is not accepted in the present state
  | 'conflict' // somebody else changed it meanwhile, or two wishes contradict each other
  | 'in-use' // something hangs on it
  | 'exists' // the name is taken
  | 'quota' // the project's limit
  | 'throttled' // too many requests in a short time
  | 'no-capacity' // fits no enabled host, now or ever
  | 'idempotency' // the same client token with other parameters
  | 'unsupported' // known to the standard, not to us or to no host of this site
  | 'unacceptable' // no rendering that the caller accepts
  | 'unavailable' // a part of ours is away; try again
  | 'internal' // a bug of ours
  // what a host or provider says (workers only; fronts see them as 'unavailable')
  | 'stale' // the guard knows a newer epoch
  | 'busy' // detached work of another intent holds the resource
  | 'refused' // the host said no, and would again
  | 'unreachable' // no answer: the outcome is unknown
  | 'timeout' // no answer in time: the outcome is unknown

/** What a fault may say beside its message. `subject` names the thing, `field` the field or parameter, `allowed` what would have been accepted. */
export interface FaultDetail {
  readonly field?: string
  readonly subject?: { readonly kind: string; readonly id: string }
  readonly allowed?: readonly string[]
  readonly position?: { readonly line: number; readonly column: number }
  /** The epoch that a guard holds, `era.number` (kind 'stale'). */
  readonly held?: string
  /** Bytes that are there of an upload (kind 'conflict', reason `offset`). */
  readonly have?: number
  /** A finer word that a front's table may use (`expired`, `incomplete`, `no-credentials` of 'unauthenticated'). */
  readonly reason?: string
  readonly cause?: unknown
}

/** Trying the same again later may help, with nothing changed by the caller. */
const RETRIABLE: ReadonlySet<FaultKind> = new Set(['throttled', 'unavailable', 'busy', 'unreachable', 'timeout'])

export class Fault extends Error {
  override readonly name = 'Fault'
  constructor(
    readonly kind: FaultKind,
    message: string,
    readonly detail: FaultDetail = {},
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
  }

  /** Whether the same request may succeed later without a change. */
  get retriable(): boolean {
    return RETRIABLE.has(this.kind)
  }
}

/** Makes a fault; written as `throw fault('state', 'a suspended compute cannot be resized', { allowed })`. */
export const fault = (kind: FaultKind, message: string, detail: FaultDetail = {}): Fault =>
  new Fault(kind, message, detail)

/** Whatever was thrown, as a fault: what is not one is 'internal' and keeps its cause for the log. */
export const asFault = (thrown: unknown): Fault =>
  thrown instanceof Fault ? thrown : new Fault('internal', 'an internal error has occurred', { cause: thrown })

/** The effect may or may not have happened: the step is to be repeated under the same key (docs/architecture.md, Worker). */
export const outcomeUnknown = (f: Fault): boolean => f.kind === 'unreachable' || f.kind === 'timeout'

/** Its provider is asked too much: nothing was done, and whoever asks again at once has the same answered. */
export const isThrottled = (f: Fault): boolean => f.kind === 'busy' && f.detail.reason === 'throttled'
