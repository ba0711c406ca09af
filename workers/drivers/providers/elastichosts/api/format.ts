/** A configuration as a zone reads it. */
import { fault } from '../../../../../src/faults'

export type Format = 'text' | 'json'

/** What is sent; values as text. */
export type Configuration = Readonly<Record<string, string>>

export const MEDIA: Readonly<Record<Format, string>> = { text: 'text/plain', json: 'application/json' }

/** The body of a request. Fault: 'refused' for what would be read as something else: a newline, or a key with a space. */
export function writeConfiguration(configuration: Configuration, format: Format): string {
  for (const [key, value] of Object.entries(configuration)) {
    if (/[\s]/.test(key) || key === '') throw fault('refused', `the provider knows no key ${JSON.stringify(key)}`)
    if (/[\r\n]/.test(value)) throw fault('refused', `${key} cannot hold a newline at the provider`)
  }
  if (format === 'json') return JSON.stringify(configuration)
  return Object.entries(configuration)
    .map(([key, value]) => `${key} ${value}\n`)
    .join('')
}
