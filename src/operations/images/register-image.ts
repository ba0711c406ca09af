/** Images of what is there already: a snapshot's contents, or another image's files (EC2 RegisterImage, CopyImage). */
import { fault } from '../../faults'
import type { ImageId } from '../../model/ids'
import { filesOf, hasDisk, type ImageRecord, imageSizeGiB } from '../../model/records'
import type { SnapshotRecord } from '../../model/storage'
import type { Mirror } from '../../store/store'
import { attemptOne, type Propose } from '../attempt'
import { checkTags } from '../check-tags'
import type { Caller, Context } from '../context'
import { held } from '../held'
import { answeredBefore, idIn, once } from '../once'
import type { OrderToken } from '../order-token'
import { changeOf, imageGone } from './add-image'
import { checkDescription, checkImageName, checkRootDisk } from './check'
import { type NewImage, newImage } from './new-image'
import type { RegisterOrder } from './operations'
import { ownerOf, roomForImage } from './quota'
import { visibleImage } from './see'

/** Faults: as `ImageOperations.registerImage` says. */
export function registerImage(context: Context, caller: Caller, order: RegisterOrder): Promise<ImageRecord> {
  checkImageName(order.name)
  checkDescription(order.description ?? '')
  checkRootDisk(order)
  if (order.tags) checkTags(order.tags)
  const decision = once({ caller, sort: 'image', order }, registering(caller, order), firstAnswer)
  return attemptOne(context, caller.actor, 'register-image', decision)
}

const registering =
  (caller: Caller, order: RegisterOrder): Propose<ImageRecord> =>
  async (context, refusal) => {
    if (refusal?.state === 'taken') throw taken(order.name)
    await context.mirror.fresh(caller.project)
    const owner = ownerOf(context, caller)
    roomForImage(context.mirror, owner, 0)
    const { base, source } =
      'snapshot' in order.of
        ? fromSnapshot(context.mirror, caller, order.of.snapshot)
        : fromImage(context, caller, order.of.image)
    const { of: _of, token: _token, dryRun, ...said } = order
    const sizeGiB = Math.max(said.sizeGiB ?? 0, base.sizeGiB ?? 0)
    if (said.sizeGiB !== undefined && said.sizeGiB < (base.sizeGiB ?? 0))
      throw fault('invalid', `the root disk has at least the ${base.sizeGiB} GiB of what it is made from`, {
        field: 'BlockDeviceMapping',
      })
    const made = newImage({ ...base, ...said, sizeGiB, project: caller.project, now: context.clock.now() })
    if (dryRun) {
      if (context.mirror.named(made.takes.at(-1)?.field ?? '')) throw taken(order.name)
      return { change: undefined, value: made.record }
    }
    const change = changeOf(owner, [made])
    return {
      value: made.record,
      answer: { image: made.record.id },
      change: { ...change, holds: [...(change.holds ?? []), held(source)] },
    }
  }

/** What a CopyImage of this token made, though its source can no longer be seen. Undefined: the token is new. Faults: 'idempotency', 'unavailable'. */
export const registeredBefore = (
  context: Context,
  caller: Caller,
  token: OrderToken,
): Promise<ImageRecord | undefined> => answeredBefore(context, { caller, sort: 'image', order: { token } }, firstAnswer)

async function firstAnswer({ store }: Context, answer: unknown): Promise<ImageRecord> {
  const record = await store.read('image', idIn(answer, 'image'))
  if (record) return record
  throw imageGone()
}

const taken = (name: string) =>
  fault('exists', `there is an image ${name} already`, { field: 'Name', subject: { kind: 'image', id: name } })

type Base = Pick<
  NewImage,
  | 'sizeGiB'
  | 'files'
  | 'sources'
  | 'boot'
  | 'simulated'
  | 'architecture'
  | 'rootDevice'
  | 'title'
  | 'volumeType'
  | 'registered'
>

interface Made {
  readonly base: Base
  /** Must still be there as it was read. */
  readonly source: ImageRecord | SnapshotRecord
}

function fromSnapshot(mirror: Mirror, caller: Caller, name: string): Made {
  const snapshot = mirror.named(name)
  const missing = fault('not-found', `The snapshot '${name}' does not exist.`, {
    subject: { kind: 'snapshot', id: name },
  })
  if (snapshot?.kind !== 'snapshot' || !snapshot.wish.exists) throw missing
  const isShared = snapshot.wish.sharedWith.some((one) => one === 'all' || one === caller.account)
  if (snapshot.project !== caller.project && !isShared) throw missing
  if (snapshot.seen.state === 'error')
    throw fault('state', 'the snapshot failed', { subject: { kind: 'snapshot', id: snapshot.wish.name } })
  return {
    base: { sizeGiB: snapshot.wish.sizeGiB, sources: { disk: { from: 'snapshot', id: snapshot.id } } },
    source: snapshot,
  }
}

function fromImage({ mirror }: Context, caller: Caller, id: ImageId): Made {
  const image = visibleImage(mirror, caller, id)
  const { wish, seen } = image
  if (seen.state !== 'available')
    throw fault('state', 'the image is not available', { subject: { kind: 'image', id: image.id } })
  const files = filesOf(image)
  return {
    base: {
      title: wish.title,
      sizeGiB: hasDisk(image) ? imageSizeGiB(image) : 0,
      architecture: wish.architecture,
      rootDevice: wish.rootDevice,
      simulated: Object.keys(files).length === 0,
      ...(Object.keys(files).length === 0 ? {} : { files }),
      ...(wish.boot ? { boot: wish.boot } : {}),
      ...(wish.volumeType ? { volumeType: wish.volumeType } : {}),
      ...(wish.registered ? { registered: wish.registered } : {}),
    },
    source: image,
  }
}
