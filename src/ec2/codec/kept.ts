/**
 * Values whose XML is worth keeping: what is shown of one revision of one record. The value itself lives as long as its record
 * does (a new revision is a new record and a new value), so the text written for it is dropped with it.
 */
const kept = new WeakSet<object>()

/** Marks a value that will not change any more: its XML is written once per dialect. */
export function keep<T extends object>(value: T): T {
  kept.add(value)
  return value
}

export const isKept = (value: object): boolean => kept.has(value)
