import { fault } from '../../faults'
import { isShortName } from '../../model/ids'
import type { ComputeRecord } from '../../model/records'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'

/** EC2 takes as many at once. */
export const MAX_INSTANCES = 1000

/**
 * The caller's machines of these names, each once. Faults: 'missing' for none, 'too-large', 'malformed' for what is no instance id,
 * 'not-found' naming all that are not there.
 */
export async function instancesNamed(
  ids: readonly string[] | undefined,
  { operations, caller }: Ec2Context,
): Promise<readonly ComputeRecord[]> {
  if (ids === undefined || ids.length === 0)
    throw fault('missing', 'The request must contain the parameter InstanceId', { field: 'InstanceId' })
  if (ids.length > MAX_INSTANCES)
    throw fault('too-large', `The request names ${ids.length} instances; at most ${MAX_INSTANCES} are accepted`, {
      field: 'InstanceId',
    })
  for (const id of ids)
    if (!isShortName('compute', id))
      throw fault('malformed', `Invalid id: "${shorten(id)}"`, {
        field: 'InstanceId',
        subject: { kind: 'compute', id: shorten(id) },
      })
  return operations.namedComputes(caller, [...new Set(ids)])
}

/** The machines a listing is about: those named, or all of the caller's. */
export const instancesAsked = (
  ids: readonly string[] | undefined,
  context: Ec2Context,
): Promise<readonly ComputeRecord[]> =>
  ids === undefined || ids.length === 0 ? context.operations.listComputes(context.caller) : instancesNamed(ids, context)

/** The one machine of this name. Faults: as instancesNamed's. */
export async function instanceNamed(id: string | undefined, context: Ec2Context): Promise<ComputeRecord> {
  const [record] = await instancesNamed(id === undefined || id === '' ? [] : [id], context)
  if (!record) throw fault('internal', 'a machine that was found is not there')
  return record
}
