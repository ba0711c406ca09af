/** Images from files (CLI `image add` and `image upload`, EC2 ImportImage): the record at once, its files as they come. */
import { fault } from '../../faults'
import type { ImageId } from '../../model/ids'
import { type FileSource, IMAGE_PARTS, type ImagePart, type ImageRecord, type ImportRecord } from '../../model/records'
import { imageName } from '../../store/names'
import type { Change } from '../../store/store'
import { attemptOne, type Proposal, type Propose } from '../attempt'
import { checkTags } from '../check-tags'
import type { Caller, Context, Operator } from '../context'
import { drawId, drawName } from '../draw'
import { held } from '../held'
import { idIn, once } from '../once'
import { checkDescription, checkImageName, checkRootDisk } from './check'
import { newImage } from './new-image'
import { type ImportCreation, newImport } from './new-import'
import type { ImageOrder, ImageView, NewFile } from './operations'
import { isCaller, type Owner, ownerOf, roomForFetching, roomForImage } from './quota'
import { viewOf } from './view'

/** Faults: as `ImageOperations.addImage` says. */
export async function addImage(context: Context, who: Caller | Operator, order: ImageOrder): Promise<ImageView> {
  checkOrder(order)
  const decision = isCaller(who)
    ? once({ caller: who, sort: 'image', order }, adding(who, order), firstAnswer)
    : adding(who, order)
  return attemptOne(context, who.actor, 'add-image', decision)
}

const adding =
  (who: Caller | Operator, order: ImageOrder): Propose<ImageView> =>
  async (context, refusal) => {
    await context.mirror.fresh(...(isCaller(who) ? [who.project] : []))
    const owner = ownerOf(context, who)
    const before = context.mirror.named(imageName(owner.project, order.name))
    if (before?.kind === 'image') {
      const same = continued(context, before, order)
      if (same) return { change: undefined, value: same }
      throw fault('exists', `there is an image ${order.name} already`, {
        field: 'Name',
        subject: { kind: 'image', id: before.id },
      })
    }
    if (refusal?.state === 'taken') throw fault('exists', `there is an image ${order.name} already`, { field: 'Name' })
    const bytes = Object.values(order.parts).reduce((sum, file) => sum + (file.from === 'upload' ? file.bytes : 0), 0)
    const mostBytes = Math.min(roomForImage(context.mirror, owner, bytes), context.images.mostBytes)
    const fetched = Object.values(order.parts).filter(({ from }) => from === 'url')
    roomForFetching(context.mirror, owner, fetched.length)
    return proposal(owner, order, mostBytes, context.clock.now())
  }

function proposal(owner: Owner, order: ImageOrder, mostBytes: number, now: number): Proposal<ImageView> {
  const id = drawId<ImageId>()
  const task = order.task ? { name: drawName('importimage'), ...order.task } : null
  const imports = partsOf(order.parts).map(([part, file]) => ({
    part,
    made: newImport({ part, file, owner, mostBytes, image: id, task, now }),
  }))
  const sources = Object.fromEntries(
    imports.map(({ part, made }) => [part, { from: 'import', id: made.record.id } satisfies FileSource]),
  )
  const { parts: _parts, task: _task, token: _token, dryRun, ...rest } = order
  const image = newImage({ ...rest, id, project: owner.project, sources, now })
  const value = { image: image.record, imports: imports.map(({ made }) => made.record), snapshots: [] }
  if (dryRun) return { change: undefined, value }
  return { value, answer: { image: id }, change: changeOf(owner, [image, ...imports.map(({ made }) => made)]) }
}

/** What makes these records in a project that must still be there. */
export const changeOf = (
  { record }: Owner,
  made: readonly Pick<ImportCreation, 'create' | 'takes'>[],
): Pick<Change, 'holds' | 'creates' | 'takes'> => ({
  ...(record ? { holds: [held(record)] } : {}),
  creates: made.map(({ create }) => create),
  takes: made.flatMap(({ takes }) => takes),
})

const partsOf = (parts: ImageOrder['parts']): readonly (readonly [ImagePart, NewFile])[] =>
  IMAGE_PARTS.flatMap((part) => {
    const file = parts[part]
    return file ? [[part, file] as const] : []
  })

/** The pending image that an interrupted order made, when every file is the same upload. */
function continued({ mirror }: Context, image: ImageRecord, { parts }: ImageOrder): ImageView | undefined {
  const view = viewOf(mirror, image)
  const wanted = partsOf(parts)
  const same = wanted.every(([part, file]) => view.imports.some((one) => isSame(one, part, file)))
  return image.seen.state === 'pending' && same && wanted.length === view.imports.length ? view : undefined
}

const isSame = ({ wish }: ImportRecord, part: ImagePart, file: NewFile): boolean =>
  wish.part === part &&
  wish.source.from === 'upload' &&
  file.from === 'upload' &&
  wish.source.bytes === file.bytes &&
  file.digest !== undefined &&
  wish.digest?.hex === file.digest.hex.toLowerCase()

function firstAnswer({ mirror }: Context, answer: unknown): ImageView {
  const image = mirror.get('image', idIn(answer, 'image'))
  if (image) return viewOf(mirror, image)
  throw imageGone()
}

/** Of a client token that was answered with an image. */
export const imageGone = () =>
  fault('idempotency', 'the image of this client token is gone; use another token', { field: 'token' })

function checkOrder(order: ImageOrder): void {
  const { name, title, description, parts, boot, tags } = order
  checkImageName(name)
  checkDescription(description ?? '')
  if ((title ?? '').length > 255) throw fault('invalid', 'a title has at most 255 characters', { field: 'title' })
  if (tags) checkTags(tags)
  checkRootDisk(order)
  if (!parts.disk && !parts.kernel) throw fault('missing', 'an image has a disk or a kernel', { field: 'disk' })
  if (parts.initramfs && !parts.kernel)
    throw fault('combination', 'an initramfs goes with a kernel', { field: 'initramfs' })
  if (boot?.cmdline != null && !parts.kernel)
    throw fault('combination', 'a command line goes with a kernel', { field: 'cmdline' })
  if ((boot?.mode === 'pv' || boot?.mode === 'pvh') && !parts.kernel)
    throw fault('combination', `${boot.mode} guests are started by a kernel; a whole disk boots with hvm`, {
      field: 'mode',
    })
  if (parts.kernel && boot === undefined)
    throw fault('missing', 'an image with a kernel says how it is started: pv, pvh or hvm', { field: 'mode' })
  if (boot?.cmdline != null && !/^[\x20-\x7e]{0,1024}$/.test(boot.cmdline))
    throw fault('invalid', 'a command line is one line of at most 1024 ASCII characters', { field: 'cmdline' })
}
