import { createHash } from 'node:crypto'

/** Of a RunInstances order, everything that a repetition under the same ClientToken must say again. */
export function digestOf(input: Readonly<Record<string, unknown>>): string {
  const { ClientToken: _token, DryRun: _dryRun, ...order } = input
  return createHash('sha256').update(JSON.stringify(order, sortKeys)).digest('hex')
}

/** The same parameters in another order are the same order. */
const sortKeys = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
