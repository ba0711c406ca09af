/** Images and what is on its way to them, as JSON: for operators and for the tenants whose they are. */
import { shownUrl } from '../images/reach'
import {
  filesOf,
  hasDisk,
  IMAGE_PARTS,
  type ImageRecord,
  type ImportRecord,
  imageSizeGiB,
  isPublic,
  isSimulated,
  percentThere,
} from '../model/records'
import type { SnapshotRecord } from '../model/storage'
import type { ImageView } from '../operations/images/operations'
import { isoTime } from './render-time'

export const showImage = (image: ImageRecord, standard: ImageRecord | undefined) => ({
  id: image.id,
  ami: image.wish.ami,
  name: image.wish.name,
  title: image.wish.title,
  sizeGiB: imageSizeGiB(image),
  rootDevice: hasDisk(image) ? image.wish.rootDevice : null,
  architecture: image.wish.architecture,
  state: image.seen.state,
  message: image.seen.message ?? null,
  simulated: isSimulated(image),
  public: isPublic(image),
  default: image.id === standard?.id,
})

const showImport = ({ id, wish, seen }: ImportRecord) => ({
  id,
  part: wish.part,
  source: wish.source.from === 'url' ? shownUrl(wish.source.url) : 'upload',
  state: wish.exists ? seen.state : 'cancelled',
  bytes: seen.bytes,
  total: wish.source.from === 'upload' ? wish.source.bytes : seen.total,
  percent: percentThere(seen),
  sent: wish.complete,
  message: seen.message,
})

/** Under the part of the image that it becomes. */
const showSnapshot =
  ({ wish: { sources = {} } }: ImageRecord) =>
  ({ id, wish, seen }: SnapshotRecord) => ({
    name: wish.name,
    part: IMAGE_PARTS.find((part) => sources[part]?.id === id) ?? null,
    state: seen.state,
    percent: seen.percent,
    message: seen.message,
  })

/** One image with all that there is to know. */
export const showImageFully = (
  { image, imports, snapshots }: ImageView,
  more: { readonly standard: ImageRecord | undefined; readonly project: string | null },
) => ({
  ...showImage(image, more.standard),
  project: more.project,
  description: image.wish.description,
  files: filesOf(image),
  boot: image.wish.boot ?? null,
  sharedWith: image.wish.sharedWith ?? [],
  tags: image.wish.tags,
  checks: image.wish.checks ?? 0,
  checked: {
    checks: image.seen.checks ?? 0,
    at: isoTime(image.seen.checked?.at),
    wrong: image.seen.checked?.wrong ?? null,
  },
  imports: imports.map(showImport),
  snapshots: snapshots.map(showSnapshot(image)),
  createdAt: isoTime(image.wish.createdAt),
})
