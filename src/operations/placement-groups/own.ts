import { fault } from '../../faults'
import type { PlacementGroupId, ProjectId } from '../../model/ids'
import type { PlacementGroupRecord } from '../../model/records'
import type { Mirror } from '../../store/store'

/** Faults: 'not-found' for what is not there or another project's. */
export function ownPlacementGroup(
  mirror: Pick<Mirror, 'get'>,
  project: ProjectId,
  id: PlacementGroupId,
): PlacementGroupRecord {
  const found = mirror.get('placementgroup', id)
  if (found?.project === project) return found
  throw fault('not-found', 'there is no such placement group', { subject: { kind: 'placementgroup', id } })
}
