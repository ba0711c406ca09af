/** Imports as EC2 shows them: tasks that can be watched and cancelled. */
import { fault } from '../../faults'
import type { SnapshotId } from '../../model/ids'
import { snapshotGiBComing } from '../../model/image-quota'
import { hasEnded, type ImportRecord } from '../../model/records'
import { attempt, attemptOne, type Propose } from '../attempt'
import { checkTags } from '../check-tags'
import type { Caller, Context } from '../context'
import { drawId, drawName } from '../draw'
import { idIn, once } from '../once'
import { openProject } from '../open-project'
import { roomForGibibytes, roomForSnapshots } from '../storage/snapshots/new-snapshot'
import { changeOf } from './add-image'
import { deregistration } from './change-image'
import { checkDescription } from './check'
import { newImport } from './new-import'
import type { ImageOperations } from './operations'
import { ownerOf, roomForFetching, roomForImage } from './quota'

type SnapshotOrder = Parameters<ImageOperations['importSnapshot']>[1]

/** Faults: 'invalid', 'quota', 'idempotency', 'forbidden', 'conflict', 'unavailable'. */
export async function importSnapshot(context: Context, caller: Caller, order: SnapshotOrder): Promise<ImportRecord> {
  checkDescription(order.description)
  checkTags(order.tags)
  const decision = once({ caller, sort: 'import', order }, importing(caller, order), firstAnswer)
  return attemptOne(context, caller.actor, 'import-snapshot', decision)
}

const importing =
  (caller: Caller, { file, description, tags, dryRun }: SnapshotOrder): Propose<ImportRecord> =>
  async (context) => {
    await context.mirror.fresh(caller.project)
    const owner = ownerOf(context, caller)
    const room = roomForImage(context.mirror, owner, 0)
    roomForFetching(context.mirror, owner, file.from === 'url' ? 1 : 0)
    const coming = context.mirror
      .list('imageimport', caller.project)
      .filter((one) => one.wish.snapshot && !hasEnded(one))
    roomForSnapshots(context.mirror, caller, coming.length + 1)
    const gib = coming.reduce((sum, one) => sum + snapshotGiBComing(one), 0)
    const left = roomForGibibytes(context.mirror, openProject(context, caller.project), gib + 1)
    // How large it is shows when it comes: a GiB at least.
    const mostBytes = Math.min(room, context.images.mostBytes, (left + 1) * 1024 ** 3)
    const made = newImport({
      ...{ part: 'disk', file, owner, mostBytes, now: context.clock.now() },
      snapshot: { id: drawId<SnapshotId>(), name: drawName('snapshot') },
      task: { name: drawName('importsnapshot'), description, tags },
    })
    if (dryRun) return { change: undefined, value: made.record }
    return { value: made.record, answer: { import: made.record.id }, change: changeOf(owner, [made]) }
  }

/** Faults: 'idempotency' for one that is gone. */
async function firstAnswer({ store }: Context, answer: unknown): Promise<ImportRecord> {
  const record = await store.read('imageimport', idIn(answer, 'import'))
  if (record) return record
  throw fault('idempotency', 'the import of this client token is gone; use another token', { field: 'token' })
}

export async function listImports({ mirror }: Context, caller: Caller): Promise<readonly ImportRecord[]> {
  await mirror.fresh(caller.project)
  return mirror.list('imageimport', caller.project).filter(({ wish }) => wish.task !== null)
}

/** The image that waits for it goes with it. Faults: 'not-found', 'state', 'conflict', 'unavailable'. */
export function cancelImport(
  context: Context,
  caller: Caller,
  task: string,
  { dryRun }: { readonly dryRun?: boolean } = {},
): Promise<ImportRecord> {
  return attempt(context, caller.actor, 'cancel-import', async () => {
    await context.mirror.fresh(caller.project)
    const record = context.mirror.named(task)
    if (record?.kind !== 'imageimport' || record.project !== caller.project)
      throw fault('not-found', `There is no import task ${task}`, { subject: { kind: 'imageimport', id: task } })
    if (hasEnded(record))
      throw fault('state', `the import task ${task} is ${record.wish.exists ? record.seen.state : 'cancelled'}`, {
        subject: { kind: 'imageimport', id: task },
      })
    if (dryRun) return { change: undefined, value: record }
    const now = context.clock.now()
    const image = record.wish.image === null ? undefined : context.mirror.get('image', record.wish.image)
    // Deregistering the image cancels what is still coming for it.
    if (image?.wish.exists) return { value: record, change: deregistration(context.mirror, image, now) }
    const { id, project, generation } = record
    const wish = { ...record.wish, exists: false, cancelledAt: now }
    const update = {
      ref: { kind: 'imageimport', id } as const,
      project,
      generation,
      wish,
      raisePhase: false,
      wake: true,
    }
    return { value: record, change: { updates: [update] } }
  })
}
