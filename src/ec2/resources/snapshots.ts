/** The snapshots that a caller may see: own ones and those that others share with its account. */
import { fault } from '../../faults'
import type { SnapshotRecord } from '../../model/storage'
import type { Ec2Context } from '../action'
import { pick } from '../filters/pick'
import { checkShortNames } from './short-names'

const MAX_SNAPSHOTS = 1000

/** Those of these ids, or all, in order of creation. Faults: 'malformed', 'too-large', 'not-found' naming all that are not there. */
export async function snapshotsAsked(
  ids: readonly string[] | undefined,
  { operations, caller }: Ec2Context,
): Promise<readonly SnapshotRecord[]> {
  if ((ids?.length ?? 0) > MAX_SNAPSHOTS)
    throw fault('too-large', `The request names more than ${MAX_SNAPSHOTS} snapshots`, { field: 'SnapshotId' })
  checkShortNames('snapshot', ids, 'SnapshotId')
  return pick(await operations.listSnapshots(caller), ids, {
    nameOf: ({ wish }) => wish.name,
    field: 'SnapshotId',
    subject: 'snapshot',
    says: (missing) => `The snapshot '${missing}' does not exist.`,
  })
}

/** The one snapshot that an action is about. Faults: 'missing', 'malformed', 'not-found'. */
export async function snapshotNamed(
  id: string | undefined,
  context: Ec2Context,
  field = 'SnapshotId',
): Promise<SnapshotRecord> {
  const missing = fault('missing', `The request must contain the parameter ${field}`, { field })
  if (!id) throw missing
  const [snapshot] = await snapshotsAsked([id], context)
  if (!snapshot) throw missing
  return snapshot
}
