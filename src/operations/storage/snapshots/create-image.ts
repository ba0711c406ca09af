/**
 * An image of a machine (EC2 CreateImage): a snapshot of its root disk and an image that waits for it, made in one script. The
 * guest is held still while its disk is copied and never restarted; what it holds in its memory is not in the image.
 */
import { fault } from '../../../faults'
import { type ComputeRecord, filesOf, type ImageRecord } from '../../../model/records'
import { imageName } from '../../../store/names'
import { attemptOne, type Propose } from '../../attempt'
import { checkTags } from '../../check-tags'
import type { Caller, Context } from '../../context'
import { held } from '../../held'
import { changeOf } from '../../images/add-image'
import { checkDescription, checkImageName } from '../../images/check'
import { newImage } from '../../images/new-image'
import { ownerOf, roomForImage } from '../../images/quota'
import { ownCompute } from '../../own-compute'
import { openProject } from '../create'
import { textsOf, wantedOf } from './create'
import { snapshotCreation } from './new-snapshot'
import type { MachineImageOrder } from './operations'

/** Faults: 'not-found', 'state', 'exists' (its name), 'quota', 'unsupported', 'invalid', 'forbidden', 'conflict', 'unavailable'. */
export const createImageOf = async (context: Context, caller: Caller, order: MachineImageOrder): Promise<ImageRecord> =>
  attemptOne(context, caller.actor, 'create-image', imaging(caller, order))

/** The decision by itself. */
export function imaging(caller: Caller, order: MachineImageOrder): Propose<ImageRecord> {
  checkImageName(order.name)
  checkDescription(order.description ?? '')
  for (const tags of [order.tags, order.snapshotTags]) if (tags) checkTags(tags)
  return async (context, refusal) => {
    const name = imageName(caller.project, order.name)
    if (refusal?.state === 'taken' && refusal.take.field === name) throw taken(order.name)
    const { mirror, clock } = context
    await mirror.fresh(caller.project)
    const project = openProject(context, caller)
    const compute = ownCompute(mirror.get('compute', order.compute), caller, order.compute)
    if (compute.seen.startedAt === null)
      throw fault('state', `the machine ${compute.wish.name} has not run yet`, {
        subject: { kind: 'compute', id: compute.id },
      })
    const [root] = compute.wish.disks
    if (!root)
      throw fault('unsupported', `the machine ${compute.wish.name} has no disk of its own`, { field: 'InstanceId' })
    const owner = ownerOf(context, caller)
    roomForImage(mirror, owner, 0)
    const target = { kind: 'root', id: compute.id, disk: root.name } as const
    const description = `Created by CreateImage(${compute.wish.name}) for ${order.name}`
    const texts = textsOf({ description, ...(order.snapshotTags ? { tags: order.snapshotTags } : {}) })
    const snapshots = snapshotCreation(
      mirror,
      caller,
      project,
      [{ ...wantedOf(context, caller, target), ...texts }],
      clock.now(),
    )
    const [snapshot] = snapshots.records
    if (!snapshot) throw fault('internal', 'no snapshot was drawn')
    refuseKernelOfHost(compute)
    const base = compute.wish.image === null ? undefined : mirror.get('image', compute.wish.image)
    const { disk: _disk, ...boots } = base ? filesOf(base) : {}
    const made = newImage({
      project: caller.project,
      name: order.name,
      ...(order.description ? { description: order.description } : {}),
      ...(order.tags ? { tags: order.tags } : {}),
      sizeGiB: root.sizeGiB,
      rootDevice: root.device,
      ...(root.volumeType === undefined ? {} : { volumeType: root.volumeType }),
      sources: { disk: { from: 'snapshot', id: snapshot.id } },
      // It goes on booting by the kernel of what the machine was made of.
      ...(Object.keys(boots).length > 0 ? { files: boots } : {}),
      ...(base?.wish.boot ? { boot: base.wish.boot } : {}),
      ...(base ? { architecture: base.wish.architecture } : {}),
      ...(base?.wish.registered ? { registered: base.wish.registered } : {}),
      simulated: compute.place.simulated,
      madeFrom: compute.wish.name,
      now: clock.now(),
    })
    if (order.dryRun) {
      if (mirror.named(name)) throw taken(order.name)
      return { change: undefined, value: made.record }
    }
    const image = changeOf(owner, [made])
    const { change } = snapshots
    return {
      value: made.record,
      change: {
        ...image,
        creates: [...(image.creates ?? []), ...change.creates],
        takes: [...(image.takes ?? []), ...change.takes],
        holds: [...(image.holds ?? change.holds), held(compute)],
      },
    }
  }
}

/** The kernel of one that was taken over is its host's, and no file of an image: what was made of its disk alone would not boot. */
function refuseKernelOfHost({ id, wish }: ComputeRecord): void {
  if (wish.adopted === undefined || (wish.adopted.boot.mode === 'hvm' && wish.adopted.boot.kernel === null)) return
  throw fault(
    'unsupported',
    `the machine ${wish.name} was taken over and is started with files of its host: no image can be made of it`,
    { subject: { kind: 'compute', id } },
  )
}

const taken = (name: string) =>
  fault('exists', `there is an image ${name} already`, { field: 'Name', subject: { kind: 'image', id: name } })
