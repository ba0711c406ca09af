/** ClientToken: an order that came before is answered as it was then, even where what it names is not there any more. */
import { createHash } from 'node:crypto'
import { asFault, type FaultKind } from '../faults'
import type { OrderToken } from '../operations/order-token'

interface Tokened {
  readonly ClientToken?: string | undefined
  readonly DryRun?: boolean | undefined
}

/** What an order is known by; `{}`: it bears no token. */
export const tokenOf = (input: Tokened): { readonly token?: OrderToken } =>
  input.ClientToken ? { token: { token: input.ClientToken, digest: digestOf(input) } } : {}

/** Of all else that an order says, and that a repetition under the same token must say again. */
export function digestOf(input: object): string {
  const { ClientToken: _token, DryRun: _dryRun, ...order }: Tokened = input
  return createHash('sha256').update(JSON.stringify(order, sortKeys)).digest('hex')
}

/** The same parameters in another order are the same order. */
const sortKeys = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** The token was looked at, or cannot be. */
const LOOKED_FOR: ReadonlySet<FaultKind> = new Set<FaultKind>(['idempotency', 'unavailable'])

/**
 * Carries out an order. Where that fails its token is looked for, only then: nearly every token is new. Faults: those of `order`;
 * 'idempotency' when the token came with other parameters.
 */
export async function orAsBefore<T>(
  input: Tokened,
  order: () => Promise<T>,
  before: (token: OrderToken) => Promise<T | undefined>,
): Promise<T> {
  try {
    return await order()
  } catch (thrown) {
    const { token } = input.DryRun ? {} : tokenOf(input)
    if (token === undefined || LOOKED_FOR.has(asFault(thrown).kind)) throw thrown
    const first = await before(token)
    if (first !== undefined) return first
    throw thrown
  }
}
