/** Changing images and taking them away. */
import { fault } from '../../faults'
import type { ImageId } from '../../model/ids'
import type { ImageRecord, ImageWish } from '../../model/records'
import { imageName } from '../../store/names'
import type { Change, Mirror, Update } from '../../store/store'
import { attempt } from '../attempt'
import type { Caller, Context, Operator } from '../context'
import { checkDescription, checkSharing } from './check'
import type { ImageChange } from './operations'
import { imageNamed, ownImage } from './see'
import { importsOf } from './view'

/** As snapshots: a record is read whole by every process. */
const MOST_SHARES = 1_000

const updateOf = (image: ImageRecord, wish: Partial<ImageWish>, wake: Pick<Update, 'wake'>): Update => ({
  ref: { kind: 'image', id: image.id },
  project: image.project,
  generation: image.generation,
  wish: { ...image.wish, ...wish },
  raisePhase: false,
  ...wake,
})

/** Its name is free at once; what was still coming for it is cancelled. */
export function deregistration(mirror: Mirror, image: ImageRecord, now: number): Pick<Change, 'updates' | 'releases'> {
  const coming = importsOf(mirror, image).filter(({ wish, seen }) => wish.exists && seen.completedAt === null)
  return {
    updates: [
      updateOf(image, { exists: false, deletedAt: now }, { wake: true }),
      ...coming.map(({ id, project, generation, wish }) => ({
        ref: { kind: 'imageimport', id } as const,
        ...{ project, generation, raisePhase: false, wake: true },
        wish: { ...wish, exists: false, cancelledAt: now },
      })),
    ],
    releases: [{ hash: 'names', field: imageName(image.project, image.wish.name) }],
  }
}

/** Faults: 'not-found', 'in-use' naming how many machines, 'conflict', 'unavailable'. */
export function removeImage(
  context: Context,
  operator: Operator,
  word: string,
  { force }: { readonly force: boolean },
): Promise<void> {
  return attempt(context, operator.actor, 'remove-image', async () => {
    await context.mirror.fresh()
    const image = imageNamed(context.mirror, word)
    const machines = context.mirror
      .all('compute')
      .filter(({ wish, seen }) => wish.image === image.id && seen.goneAt === null)
    if (machines.length > 0 && !force)
      throw fault(
        'in-use',
        `${machines.length} machines are of this image (${machines[0]?.wish.name}); with --force it stays hidden until they are gone`,
        { subject: { kind: 'image', id: image.id } },
      )
    return { value: undefined, change: deregistration(context.mirror, image, context.clock.now()) }
  })
}

export function checkImage(context: Context, operator: Operator, word: string): Promise<ImageRecord> {
  return attempt(context, operator.actor, 'check-image', async () => {
    await context.mirror.fresh()
    const image = imageNamed(context.mirror, word)
    if (image.seen.state !== 'available')
      throw fault('state', 'the image has no files yet', { subject: { kind: 'image', id: image.id } })
    const checks = (image.wish.checks ?? 0) + 1
    return {
      value: { ...image, wish: { ...image.wish, checks } },
      change: { updates: [updateOf(image, { checks }, { wake: true })] },
    }
  })
}

/** Faults: 'not-found', 'forbidden', 'conflict', 'unavailable'. */
export function deregisterImage(
  context: Context,
  caller: Caller,
  id: ImageId,
  { dryRun }: { readonly dryRun?: boolean } = {},
): Promise<ImageRecord> {
  return attempt(context, caller.actor, 'deregister-image', async () => {
    await context.mirror.fresh(caller.project)
    const image = ownImage(context.mirror, caller, id)
    const change = dryRun ? undefined : deregistration(context.mirror, image, context.clock.now())
    return { value: image, change }
  })
}

/** Faults: 'invalid', 'too-large', 'not-found', 'forbidden', 'conflict', 'unavailable'. */
export function changeImage(
  context: Context,
  caller: Caller,
  id: ImageId,
  { description, share = [], unshare = [], dryRun }: ImageChange,
): Promise<ImageRecord> {
  checkDescription(description ?? '')
  checkSharing([...share, ...unshare])
  return attempt(context, caller.actor, 'change-image', async () => {
    await context.mirror.fresh(caller.project)
    const image = ownImage(context.mirror, caller, id)
    const before = image.wish.sharedWith ?? []
    const sharedWith = [...new Set([...before, ...share])].filter((one) => !unshare.includes(one))
    if (sharedWith.length > MOST_SHARES)
      throw fault('too-large', `an image is shared with at most ${MOST_SHARES} accounts`, { field: 'LaunchPermission' })
    const wish = { ...(description === undefined ? {} : { description }), sharedWith }
    const changed = { ...image, wish: { ...image.wish, ...wish } }
    return { value: changed, change: dryRun ? undefined : { updates: [updateOf(image, wish, { wake: false })] } }
  })
}
