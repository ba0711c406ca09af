import { fault } from '../../faults'
import { isShortName } from '../../model/ids'
import type { ImageRecord } from '../../model/records'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { pick } from '../filters/pick'

/** The images that the caller may see, deleted ones left out. */
export const visibleImages = async ({ operations, caller }: Ec2Context): Promise<readonly ImageRecord[]> =>
  (await operations.listImages(caller)).filter((image) => image.wish.exists)

/** Those of these AMI ids, or all. Faults: 'malformed' for what is no AMI id, 'not-found' naming all that are not there. */
export async function imagesAsked(
  ids: readonly string[] | undefined,
  context: Ec2Context,
): Promise<readonly ImageRecord[]> {
  for (const id of ids ?? [])
    if (!isShortName('image', id))
      throw fault('malformed', `Invalid id: "${shorten(id)}" (expecting "ami-...")`, {
        field: 'ImageId',
        subject: { kind: 'image', id: shorten(id) },
      })
  return pick(await visibleImages(context), ids, {
    nameOf: (image) => image.wish.ami,
    field: 'ImageId',
    subject: 'image',
    says: (missing) => `The image id '[${missing}]' does not exist`,
  })
}

/** The one image of this id. Faults: 'missing', 'malformed', 'not-found'. */
export async function imageNamed(id: string | undefined, context: Ec2Context): Promise<ImageRecord> {
  const missing = fault('missing', 'The request must contain the parameter ImageId', { field: 'ImageId' })
  if (id === undefined || id === '') throw missing
  const [image] = await imagesAsked([id], context)
  if (!image) throw missing
  return image
}
