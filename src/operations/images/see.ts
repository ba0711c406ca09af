/** Which images a caller sees: the project's own, the site's, and those that other projects share with its account. */
import { fault } from '../../faults'
import type { ImageId } from '../../model/ids'
import { type ImageRecord, isSharedWith } from '../../model/records'
import type { Mirror } from '../../store/store'
import type { Caller, Context, Operator } from '../context'
import { freshForAll } from '../fresh'

const isCaller = (who: Caller | Operator): who is Caller => 'project' in who

export const maySee = (image: ImageRecord, { project, account }: Caller): boolean =>
  image.project === project || isSharedWith(image, account)

/**
 * Existing ones in order of creation; operators see all. Every change of an image is in the scope that all reads include. What the
 * caller's own request changed before may be missing.
 */
export async function listImages({ mirror }: Context, who: Caller | Operator): Promise<readonly ImageRecord[]> {
  if (isCaller(who)) await freshForAll(mirror, who)
  else await mirror.fresh()
  return mirror.all('image').filter((image) => image.wish.exists && (!isCaller(who) || maySee(image, who)))
}

/** 'not-found' for images, in the same words whether they are not there or another's. */
export const noImage = (id: string) =>
  fault('not-found', `there is no image ${id}`, { field: 'image', subject: { kind: 'image', id } })

/** From the mirror as it is. Faults: 'not-found'. */
export function visibleImage(mirror: Mirror, caller: Caller, id: ImageId): ImageRecord {
  const image = mirror.get('image', id)
  if (!image?.wish.exists || !maySee(image, caller)) throw noImage(id)
  return image
}

/** One that the caller may change. Faults: 'not-found', 'forbidden' for one that is only shown to it. */
export function ownImage(mirror: Mirror, caller: Caller, id: ImageId): ImageRecord {
  const image = visibleImage(mirror, caller, id)
  if (image.project === caller.project) return image
  throw fault('forbidden', `the image ${image.wish.ami} is another's`, {
    subject: { kind: 'image', id },
    reason: 'not-owner',
  })
}

/** An operator's word for one: `ami-…`, id, or name (of the site's own). Faults: 'not-found'. */
export function imageNamed(mirror: Mirror, word: string): ImageRecord {
  const found = [mirror.named(`image:${word}`), mirror.named(word), mirror.get('image', word)].find(
    (record) => record?.kind === 'image' && record.wish.exists,
  )
  if (found?.kind === 'image') return found
  throw noImage(word)
}
