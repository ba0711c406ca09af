/**
 * Who came with a key that only reads is refused whatever changes something. What reads is known by its name; all else is refused,
 * so an operation that is new and called otherwise is refused to them until somebody has said here that it reads.
 */
import { fault } from '../faults'
import type { Operations } from './operations'

const READING_NAME = /^(?:list|get|named|view|own)[A-Z]/
const READS: ReadonlySet<string> = new Set<keyof Operations>(['asOf', 'consoleOutput', 'newSession', 'uploadedBytes'])

const isReadOnly = (who: unknown): boolean =>
  typeof who === 'object' && who !== null && 'access' in who && who.access === 'read-only'

/** The same operations; those that change something reject with 'forbidden' (reason `read-only`) for such a caller. */
export function readOnlyRefused(operations: Operations): Operations {
  const guarded = Object.entries(operations).map(([name, operation]) => [
    name,
    // What is no operation but an object of them (logging in by Digest) has nobody who asks yet.
    READS.has(name) || READING_NAME.test(name) || typeof operation !== 'function'
      ? operation
      : guard(operation as Operation),
  ])
  return Object.fromEntries(guarded)
}

type Operation = (...words: readonly unknown[]) => unknown

/** Every operation that changes something takes who asks first, and is awaited. */
const guard =
  (operation: Operation): Operation =>
  (...words) =>
    isReadOnly(words[0])
      ? Promise.reject(fault('forbidden', 'these credentials are read-only', { reason: 'read-only' }))
      : operation(...words)
