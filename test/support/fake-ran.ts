/** The machines of an order in memory that came before under the same client token. */
import { fault } from '../../src/faults'
import type { ComputeRecord } from '../../src/model/records'
import type { Caller } from '../../src/operations/context'
import type { RunOrder } from '../../src/operations/operations'

interface Kept {
  readonly computes: ReadonlyMap<string, ComputeRecord>
  readonly orders: readonly RunOrder[]
}

/** Undefined: the token is new. Faults: 'idempotency'. */
export function ranBefore(
  { computes, orders }: Kept,
  { project }: Caller,
  { token, digest }: NonNullable<RunOrder['token']>,
): readonly ComputeRecord[] | undefined {
  const same = [...computes.values()].filter((one) => one.project === project && one.wish.clientToken === token)
  if (same.length === 0) return undefined
  if (orders.find((order) => order.token?.token === token)?.token?.digest === digest) return same
  throw fault('idempotency', 'the same client token came with other parameters')
}
