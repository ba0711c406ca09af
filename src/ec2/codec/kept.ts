/**
 * Values whose XML is worth keeping: what is shown of one revision of one record, and lists of them. What was written of a value
 * lies in it and is dropped with it (a new revision is a new record and a new value).
 */
const WRITTEN = Symbol('what was written of it')

interface Kept {
  readonly [WRITTEN]?: Map<object, unknown>
}

/** Marks a value that will not change any more: its XML is written once per dialect. */
export function keep<T extends object>(value: T): T {
  // Not enumerable: whoever compares or walks over values does not see it.
  return Object.defineProperty(value, WRITTEN, { value: new Map() })
}

export const isKept = (value: object): boolean => (value as Kept)[WRITTEN] !== undefined

/** What `by` wrote of a value: of a kept one as it did the first time. */
export function writtenOnce<T>(value: object, by: object, write: () => T): T {
  const written = (value as Kept)[WRITTEN]
  if (!written) return write()
  const known = written.get(by) as T | undefined
  if (known !== undefined) return known
  const fresh = write()
  written.set(by, fresh)
  return fresh
}
