/** What scripts and commands answer, from unknown to values. A reply of another form is a bug of ours: 'internal'. */
import { fault } from '../faults'

/** An array reply of whatever. */
export function items(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw unexpected(reply)
  return reply
}

/** Strings, numbers and nulls of an array reply, as strings; null stays. */
export function texts(reply: unknown): readonly (string | null)[] {
  return items(reply).map((item) => {
    if (item === null || typeof item === 'string') return item
    if (typeof item === 'number') return String(item)
    throw unexpected(reply)
  })
}

/** An array reply without nulls. */
export const strings = (reply: unknown): readonly string[] =>
  texts(reply).map((text) => {
    if (text === null) throw unexpected(reply)
    return text
  })

/** A text reply. */
export function text(reply: unknown): string {
  if (typeof reply === 'string') return reply
  throw unexpected(reply)
}

/** An integer reply. */
export function integer(reply: unknown): number {
  if (typeof reply === 'number' && Number.isSafeInteger(reply)) return reply
  throw unexpected(reply)
}

/** `a 1 b 2` and the like: pairs of a flat array. */
export function pairs(flat: readonly string[]): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = []
  for (let i = 0; i + 1 < flat.length; i += 2) found.push([flat[i] ?? '', flat[i + 1] ?? ''])
  return found
}

export const unexpected = (reply: unknown) =>
  fault('internal', 'the store gave an answer that makes no sense', {
    cause: new Error(`unexpected reply: ${JSON.stringify(reply)?.slice(0, 200)}`),
  })
