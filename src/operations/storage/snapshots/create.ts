/** Ordering snapshots (EC2 CreateSnapshot, CreateSnapshots, CopySnapshot): the job of each takes it. */
import { fault } from '../../../faults'
import type { HostId, SnapshotId } from '../../../model/ids'
import type { SnapshotRecord } from '../../../model/storage'
import { attempt, type Proposal } from '../../attempt'
import { checkTags } from '../../check-tags'
import type { Caller, Context } from '../../context'
import { held } from '../../held'
import { ownCompute } from '../../own-compute'
import { openProject } from '../create'
import { ownStorage } from '../read'
import { type NewSnapshot, snapshotCreation } from './new-snapshot'
import type { SnapshotOrder, SnapshotTarget } from './operations'
import { checkCompleted, visibleSnapshot } from './read'

/** EC2's limit of a description, characters. */
const MOST_DESCRIPTION = 255

/** Faults: 'not-found', 'state', 'quota', 'unsupported', 'invalid', 'forbidden', 'conflict', 'unavailable'. */
export function createSnapshots(
  context: Context,
  caller: Caller,
  order: SnapshotOrder,
): Promise<readonly SnapshotRecord[]> {
  const texts = order.of.map((_, at) => ({ ...order, tags: order.eachTags?.[at] ?? order.tags ?? {} }))
  texts.forEach(checkTexts)
  return attempt(context, caller.actor, 'create-snapshots', async (): Promise<Proposal<readonly SnapshotRecord[]>> => {
    await context.mirror.fresh(caller.project)
    const project = openProject(context, caller)
    const wanted = order.of.map((target, at) => ({
      ...wantedOf(context, caller, target),
      ...textsOf(texts[at] ?? order),
    }))
    const { records, change } = snapshotCreation(context.mirror, caller, project, wanted, context.clock.now())
    return { value: records, change: order.dryRun || records.length === 0 ? undefined : change }
  })
}

export const textsOf = ({ description = '', tags = {} }: Pick<SnapshotOrder, 'description' | 'tags'>) => ({
  description,
  tags,
})

/** Faults: 'invalid'. */
export function checkTexts({ description = '', tags }: Pick<SnapshotOrder, 'description' | 'tags'>): void {
  if (description.length > MOST_DESCRIPTION)
    throw fault('invalid', `a description has at most ${MOST_DESCRIPTION} characters`, { field: 'Description' })
  if (tags) checkTags(tags)
}

/** What of a snapshot its disk decides. Faults: 'not-found', 'state', 'unsupported'. */
export function wantedOf(
  context: Context,
  caller: Caller,
  target: SnapshotTarget,
): Pick<NewSnapshot, 'of' | 'volume' | 'sizeGiB'> {
  const { mirror } = context
  if (target.kind === 'storage') {
    const storage = ownStorage(mirror, caller, target.id)
    const { name, exists, sizeGiB } = storage.wish
    if (!exists)
      throw fault('state', `the volume ${name} is being deleted`, { subject: { kind: 'storage', id: storage.id } })
    refuseLacking(context, storage.place.host, name)
    return { of: target, volume: name, sizeGiB: storage.seen.sizeGiB ?? sizeGiB }
  }
  const compute = ownCompute(mirror.get('compute', target.id), caller, target.id)
  const disk = compute.wish.disks.find(({ name }) => name === target.disk)
  if (!disk)
    throw fault('unsupported', `the machine ${compute.wish.name} has no disk of its own`, { field: 'InstanceId' })
  refuseLacking(context, compute.place.host, compute.wish.name)
  return { of: target, volume: disk.volume, sizeGiB: disk.sizeGiB }
}

/** Refused by name before anything changes. */
function refuseLacking({ mirror }: Context, host: HostId | null, name: string): void {
  const lacks = host === null ? [] : (mirror.get('host', host)?.seen.capabilities?.lacks ?? [])
  const lack = lacks.find(({ verb }) => verb === 'snapshot-disk')
  if (lack) throw fault('unsupported', `no snapshot can be taken of ${name}: ${lack.because}`, { field: 'VolumeId' })
}

/** The same contents under another name; nothing is copied, for files in the image store never change. */
export function copySnapshot(
  context: Context,
  caller: Caller,
  order: Pick<SnapshotOrder, 'description' | 'tags' | 'dryRun'> & { readonly of: SnapshotId },
): Promise<SnapshotRecord> {
  checkTexts(order)
  return attempt(context, caller.actor, 'copy-snapshot', async (): Promise<Proposal<SnapshotRecord>> => {
    await context.mirror.fresh(caller.project)
    const project = openProject(context, caller)
    const source = visibleSnapshot(context.mirror, caller, order.of)
    checkCompleted(source)
    const { wish, seen } = source
    const now = context.clock.now()
    const on = seen.file === null && seen.blank !== true ? { on: seen.on ?? wish.name } : {}
    const copy: NewSnapshot = {
      of: { kind: 'file' },
      volume: 'vol-ffffffff',
      sizeGiB: wish.sizeGiB,
      ...textsOf(order),
      seen: { ...seen, ...on, at: now, completedAt: now },
    }
    const { records, change } = snapshotCreation(context.mirror, caller, project, [copy], now)
    const [record] = records
    if (!record) throw fault('internal', 'no snapshot was drawn')
    return { value: record, change: order.dryRun ? undefined : { ...change, holds: [...change.holds, held(source)] } }
  })
}
