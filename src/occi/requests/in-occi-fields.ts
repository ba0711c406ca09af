/** A refusal of an operation, with its field by the name that the caller wrote. */
import { asFault, fault } from '../../faults'

/** Runs it; a fault that names one of these fields names the attribute instead, in its message too. */
export async function inOcciFields<T>(names: Readonly<Record<string, string>>, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (thrown) {
    const { kind, message, detail } = asFault(thrown)
    const field = detail.field ?? ''
    const name = Object.hasOwn(names, field) ? names[field] : undefined
    if (name === undefined) throw thrown
    const text = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message
    throw fault(kind, `${name}: ${text}`, { ...detail, field: name, cause: thrown })
  }
}
