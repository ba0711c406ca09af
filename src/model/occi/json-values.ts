/** What a value in a JSON body must be. Each throws 'malformed' naming the key. */
import { type Fault, fault } from '../../faults'

export type Members = Readonly<Record<string, unknown>>

export const wrong = (field: string, reason: string): Fault => fault('malformed', `${field} ${reason}`, { field })

export function string(value: unknown, field: string): string {
  if (typeof value !== 'string') throw wrong(field, 'must be a string')
  return value
}

export function array(value: unknown, field: string): readonly unknown[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw wrong(field, 'must be an array')
  return value
}

export function object(value: unknown, field: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(field, 'must be an object')
  return value as Members
}

export function only(members: Members, known: ReadonlySet<string>, prefix: string): void {
  const strange = Object.keys(members).find((name) => !known.has(name))
  if (strange !== undefined)
    throw fault(
      'malformed',
      `there is no member ${JSON.stringify(prefix + strange)} here; known: ${[...known].join(', ')}`,
      {
        field: prefix + strange,
        allowed: [...known],
      },
    )
}
