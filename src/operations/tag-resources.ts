/** Setting and removing tags, all or nothing (EC2 CreateTags, DeleteTags). Tags are accepted in every state. */
import { fault } from '../faults'
import { formatRef, type Ref, type SecurityGroupId } from '../model/ids'
import type {
  AddressRecord,
  ComputeRecord,
  ImageRecord,
  KeyPairRecord,
  LaunchTemplateRecord,
  PlacementGroupRecord,
  ReservationRecord,
  SecurityGroupRecord,
} from '../model/records'
import { isSnapshotSharedWith, type SnapshotRecord, type StorageRecord } from '../model/storage'
import type { Change, Update } from '../store/store'
import { attempt } from './attempt'
import { changeTags, checkTags } from './check-tags'
import type { Caller, Context } from './context'
import { writing } from './groups/change'
import { ownGroup } from './groups/read'
import { maySee } from './images/see'
import type { Operations } from './operations'
import { MOST_AT_ONCE } from './run/check-order'
import { type TaggedPart, withPartOfMachineTagged, withRuleTagged } from './tag-parts'

export type TagOrder = Parameters<Operations['tagResources']>[1]

/** Faults: 'invalid', 'too-large', 'not-found', 'forbidden' (not the caller's to tag), 'conflict', 'unavailable'. */
export async function tagResources(context: Context, caller: Caller, order: TagOrder): Promise<void> {
  const refs = [
    ...new Map(order.refs.map((ref) => [[formatRef(ref), ref.part?.is, ref.part?.name].join('/'), ref])).values(),
  ]
  if (refs.length === 0) throw fault('missing', 'name at least one resource', { field: 'refs' })
  if (refs.length > MOST_AT_ONCE)
    throw fault('too-large', `at most ${MOST_AT_ONCE} resources can be named at once`, { field: 'refs' })
  if (order.set) checkTags(order.set)
  await attempt(context, caller.actor, 'tag-resources', async () => {
    await context.mirror.fresh(caller.project)
    // A machine and its root disk, a group and its rules are one record: both change in one update.
    const changed = new Map<string, { readonly before: Tagged; readonly after: Tagged }>()
    for (const ref of refs) {
      const known = changed.get(ref.id)
      const before = known?.before ?? own(context, caller, ref)
      changed.set(ref.id, { before, after: retagged(known?.after ?? before, ref.part, order) })
    }
    const changes = [...changed.values()].flatMap(({ before, after }) =>
      before === after ? [] : [changeOf(before, after)],
    )
    const change = {
      creates: changes.flatMap(({ creates = [] }) => creates),
      takes: changes.flatMap(({ takes = [] }) => takes),
      updates: changes.flatMap(({ updates = [] }) => updates),
    }
    return { change: order.dryRun || changes.length === 0 ? undefined : change, value: undefined }
  })
}

/** What bears tags and belongs to one project. */
type Tagged =
  | AddressRecord
  | ComputeRecord
  | StorageRecord
  | KeyPairRecord
  | ReservationRecord
  | ImageRecord
  | SnapshotRecord
  | SecurityGroupRecord
  | PlacementGroupRecord
  | LaunchTemplateRecord

function own(context: Context, caller: Caller, ref: Ref): Tagged {
  // `default` bears tags before anybody has written it.
  if (ref.kind === 'securitygroup') return ownGroup(context.mirror, caller.project, ref.id as SecurityGroupId)
  const record = context.mirror.get(ref.kind, ref.id)
  const bearsTags =
    record?.kind === 'compute' ||
    record?.kind === 'keypair' ||
    record?.kind === 'address' ||
    record?.kind === 'placementgroup' ||
    record?.kind === 'launchtemplate' ||
    record?.kind === 'reservation' ||
    ((record?.kind === 'storage' || record?.kind === 'image' || record?.kind === 'snapshot') && record.wish.exists)
  if (bearsTags && record.project === caller.project) return record
  const isShared =
    (record?.kind === 'image' && maySee(record, caller)) ||
    (record?.kind === 'snapshot' && isSnapshotSharedWith(record, caller.account))
  if (isShared && record.wish.exists)
    throw fault('forbidden', 'only its owner may tag what is shared', { subject: ref })
  throw fault('not-found', `there is no ${ref.kind} ${ref.id}`, { subject: ref })
}

/** With other tags; the same object where nothing differs. */
function retagged(record: Tagged, part: TaggedPart | undefined, order: TagOrder): Tagged {
  if (part && record.kind === 'compute') return withPartOfMachineTagged(record, part, order)
  if (part && record.kind === 'securitygroup') return withRuleTagged(record, part, order)
  const tags = changeTags(record.wish.tags, order)
  return tags === record.wish.tags ? record : ({ ...record, wish: { ...record.wish, tags } } as Tagged)
}

/** `default` may have its record only now. */
const changeOf = (before: Tagged, after: Tagged): Pick<Change, 'creates' | 'takes' | 'updates'> =>
  before.kind === 'securitygroup' && after.kind === 'securitygroup'
    ? writing(before, after.wish)
    : { updates: [updateOf(after)] }

const updateOf = ({ kind, id, project, generation, wish }: Tagged): Update => ({
  ref: { kind, id },
  project,
  generation,
  wish,
  raisePhase: false,
  wake: false,
})
