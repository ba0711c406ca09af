/** Setting and removing tags, all or nothing (EC2 CreateTags, DeleteTags). Tags are accepted in every state. */
import { fault } from '../faults'
import { formatRef, type Ref, type SecurityGroupId } from '../model/ids'
import type { ComputeRecord, ImageRecord, KeyPairRecord, SecurityGroupRecord } from '../model/records'
import type { StorageRecord } from '../model/storage'
import type { Change, Update } from '../store/store'
import { attempt } from './attempt'
import { changeTags, checkTags } from './check-tags'
import type { Caller, Context } from './context'
import { writing } from './groups/change'
import { ownGroup } from './groups/read'
import { maySee } from './images/see'
import type { Operations } from './operations'
import { MOST_AT_ONCE } from './run/check-order'

export type TagOrder = Parameters<Operations['tagResources']>[1]

/** Faults: 'invalid', 'too-large', 'not-found', 'forbidden' (not the caller's to tag), 'conflict', 'unavailable'. */
export async function tagResources(context: Context, caller: Caller, order: TagOrder): Promise<void> {
  const refs = [...new Map(order.refs.map((ref) => [formatRef(ref), ref])).values()]
  if (refs.length === 0) throw fault('missing', 'name at least one resource', { field: 'refs' })
  if (refs.length > MOST_AT_ONCE)
    throw fault('too-large', `at most ${MOST_AT_ONCE} resources can be named at once`, { field: 'refs' })
  if (order.set) checkTags(order.set)
  await attempt(context, caller.actor, 'tag-resources', async () => {
    await context.mirror.fresh(caller.project)
    const changes = refs.flatMap((ref) => retagged(own(context, caller, ref), order))
    const change = {
      creates: changes.flatMap(({ creates = [] }) => creates),
      takes: changes.flatMap(({ takes = [] }) => takes),
      updates: changes.flatMap(({ updates = [] }) => updates),
    }
    return { change: order.dryRun || changes.length === 0 ? undefined : change, value: undefined }
  })
}

/** What bears tags and belongs to one project. */
type Tagged = ComputeRecord | StorageRecord | KeyPairRecord | ImageRecord | SecurityGroupRecord

function own(context: Context, caller: Caller, ref: Ref): Tagged {
  // `default` bears tags before anybody has written it.
  if (ref.kind === 'securitygroup') return ownGroup(context.mirror, caller.project, ref.id as SecurityGroupId)
  const record = context.mirror.get(ref.kind, ref.id)
  const bearsTags =
    record?.kind === 'compute' ||
    record?.kind === 'keypair' ||
    ((record?.kind === 'storage' || record?.kind === 'image') && record.wish.exists)
  if (bearsTags && record.project === caller.project) return record
  if (record?.kind === 'image' && record.wish.exists && maySee(record, caller))
    throw fault('forbidden', 'only its owner may tag what is shared', { subject: ref })
  throw fault('not-found', `there is no ${ref.kind} ${ref.id}`, { subject: ref })
}

function retagged(record: Tagged, order: TagOrder): readonly Pick<Change, 'creates' | 'takes' | 'updates'>[] {
  const tags = changeTags(record.wish.tags, order)
  if (tags === record.wish.tags) return []
  if (record.kind === 'securitygroup') return [writing(record, { ...record.wish, tags })]
  const update: Update = {
    ref: { kind: record.kind, id: record.id },
    project: record.project,
    generation: record.generation,
    wish: { ...record.wish, tags },
    raisePhase: false,
    wake: false,
  }
  return [{ updates: [update] }]
}
