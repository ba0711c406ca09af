/** Reading machines. Another project's machine does not exist; one that was deleted is shown as long as its record lasts. */
import type { ComputeId } from '../model/ids'
import type { ComputeRecord } from '../model/records'
import { notFound } from './change-computes'
import type { Caller, Context } from './context'

/** In order of creation. */
export async function listComputes({ mirror }: Context, caller: Caller): Promise<readonly ComputeRecord[]> {
  if (!caller.current) await mirror.fresh(caller.project)
  return mirror.list('compute', caller.project)
}

/** Faults: 'not-found'. */
export async function getCompute({ mirror }: Context, caller: Caller, id: ComputeId): Promise<ComputeRecord> {
  await mirror.fresh(caller.project)
  const record = mirror.get('compute', id)
  if (record?.project !== caller.project) throw notFound([id])
  return record
}

/** By EC2 name, in the order asked. Faults: 'not-found' names all that are missing. */
export async function namedComputes(
  { mirror }: Context,
  caller: Caller,
  names: readonly string[],
): Promise<readonly ComputeRecord[]> {
  await mirror.fresh(caller.project)
  const found = names.map((name) => mirror.named(name))
  const own = found.filter((record) => record?.kind === 'compute').filter((record) => record.project === caller.project)
  if (own.length === names.length) return own
  const known = new Set(own.map((record) => record.wish.name))
  throw notFound(names.filter((name) => !known.has(name)))
}
