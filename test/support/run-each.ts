import type { ComputeRecord } from '../../src/model/records'
import type { Caller } from '../../src/operations/context'
import type { Operations, RunOrder } from '../../src/operations/operations'

/** One machine for each order, in one request, in their order. */
export async function runEach(
  operations: Pick<Operations, 'together'>,
  caller: Caller,
  orders: readonly Omit<RunOrder, 'minCount' | 'maxCount'>[],
): Promise<readonly ComputeRecord[]> {
  const parts = orders.map((order) => ({ do: 'run', order: { ...order, minCount: 1, maxCount: 1 } }) as const)
  return (await operations.together(caller, parts)).flatMap(({ computes }) => computes)
}
