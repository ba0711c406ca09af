/**
 * Values of xl.cfg(5). Nothing that a tenant wrote ends a value: a string is written in double quotes with the two escapes that
 * libxlu's reader takes (`\"`, `\\`), and what those cannot say (control characters, anything beyond ASCII) is refused.
 */
import { fault } from '../../../../../src/faults'

export type Value = string | number | readonly string[]

const PRINTABLE = /^[\x20-\x7e]*$/

/** One string. Fault: refused (it holds a character that xl.cfg cannot say). */
export function quoted(text: string): string {
  if (!PRINTABLE.test(text)) throw fault('refused', 'only printable ASCII can stand in a machine’s configuration')
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** A number is written as digits: xl takes any other as a mere warning and goes on with its default. */
function numeral(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw fault('internal', `${value} is no number of xl.cfg`)
  return String(value)
}

/** `key = value`, a list with one entry a line. */
export function setting(key: string, value: Value): string {
  if (typeof value === 'number') return `${key} = ${numeral(value)}\n`
  if (typeof value === 'string') return `${key} = ${quoted(value)}\n`
  return `${key} = [\n${value.map((entry) => `  ${quoted(entry)},\n`).join('')}]\n`
}
