/** The record of an image that was just made, and what its creating script takes: every way to make one ends here. */
import type { ImageId, ProjectId } from '../../model/ids'
import type { ImageBoot, ImageFiles } from '../../model/images'
import type { FileSource, ImagePart, ImageRecord, ImageRegistered, ImageSeen, ImageWish } from '../../model/records'
import type { VolumeType } from '../../model/storage'
import { imageNames } from '../../store/names'
import type { Create, Take } from '../../store/store'
import { created } from '../created'
import { drawId, drawName } from '../draw'

export interface NewImage {
  readonly id?: ImageId
  /** null: the site's own. */
  readonly project: ProjectId | null
  /** As EC2 takes it; unique in its project: `checkImageName`. */
  readonly name: string
  readonly title?: string
  readonly description?: string
  /** GiB that its machines' root disk has at least; 0: what its file needs. */
  readonly sizeGiB?: number
  /** `/dev/sda1` where nothing is said. */
  readonly rootDevice?: string
  readonly volumeType?: VolumeType
  readonly registered?: ImageRegistered
  /** In the image store already. */
  readonly files?: ImageFiles
  /** What it is to be made of: imports and snapshots, finished or not. Its job waits for them; without any it is available at once. */
  readonly sources?: { readonly [P in ImagePart]?: FileSource }
  readonly boot?: ImageBoot
  readonly sharedWith?: readonly string[]
  readonly architecture?: ImageWish['architecture']
  readonly format?: ImageWish['format']
  /** It has no contents, and only simulated hosts run it. */
  readonly simulated?: boolean
  readonly tags?: Readonly<Record<string, string>>
  readonly copyOf?: string
  readonly madeFrom?: string
  /** ms */
  readonly now: number
}

export interface ImageCreation {
  readonly record: ImageRecord
  readonly create: Create
  /** 'taken' of a name that begins with `image:`: there is another image of that name. */
  readonly takes: readonly Take[]
}

/** Draws its names. The change that makes it holds the project (`held`), so that none is made in one that is being removed. */
export function newImage(order: NewImage): ImageCreation {
  const id = order.id ?? drawId<ImageId>()
  const wish = wishOf(order)
  const waits = Object.keys(order.sources ?? {}).length > 0
  const seen: ImageSeen = { state: waits ? 'pending' : 'available' }
  const ref = { kind: 'image', id } as const
  const create: Create = { ref, project: order.project, wish, seen, journal: null, place: null, wake: waits }
  const record = created('image', create)
  return {
    record,
    create,
    takes: imageNames(record).map((field) => ({ hash: 'names', field, value: `image:${id}` })),
  }
}

const wishOf = ({ files, sources, boot, sharedWith, copyOf, madeFrom, ...order }: NewImage): ImageWish => ({
  exists: true,
  name: order.name,
  ami: drawName('image'),
  title: order.title ?? order.name,
  description: order.description ?? '',
  sizeGiB: order.sizeGiB ?? 0,
  rootDevice: order.rootDevice ?? '/dev/sda1',
  architecture: order.architecture ?? 'x86_64',
  format: order.format ?? (files?.disk?.format === 'qcow2' ? 'qcow2' : 'raw'),
  simulated: order.simulated ?? false,
  tags: order.tags ?? {},
  createdAt: order.now,
  ...(order.volumeType === undefined ? {} : { volumeType: order.volumeType }),
  ...(order.registered === undefined ? {} : { registered: order.registered }),
  ...(files === undefined ? {} : { files }),
  ...(sources === undefined ? {} : { sources }),
  ...(boot === undefined ? {} : { boot }),
  ...(sharedWith === undefined ? {} : { sharedWith }),
  ...(copyOf === undefined ? {} : { copyOf }),
  ...(madeFrom === undefined ? {} : { madeFrom }),
})
