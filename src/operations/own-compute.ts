import type { ComputeId } from '../model/ids'
import type { ComputeRecord } from '../model/records'
import { notFound } from './change-computes'
import type { Caller } from './context'

/**
 * The record that was found under this id, where it is a machine of the caller's project that is not deleted: any other is not there for
 * them. Fault: 'not-found'.
 */
export function ownCompute(found: ComputeRecord | undefined, { project }: Caller, id: ComputeId): ComputeRecord {
  if (found?.project !== project || !found.wish.exists) throw notFound([id])
  return found
}
