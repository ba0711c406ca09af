/** From the words of an order to records and amounts: image, type or sizes of the caller's own, network. */
import { fault } from '../../faults'
import type { Size } from '../../model/machine'
import { hasDisk, type ImageRecord, imageSizeGiB, type TypeRecord } from '../../model/records'
import type { Mirror } from '../../store/store'
import type { Caller } from '../context'
import { maySee } from '../images/see'
import { siteDefaults } from '../list-offers'
import type { RunOrder } from '../operations'
import { chooseNetworks, type InterfaceChosen } from './choose-networks'

export interface Offer {
  readonly image: ImageRecord
  /** In their order: eth0 first. */
  readonly interfaces: readonly InterfaceChosen[]
  readonly size: Size
  /** Undefined for sizes of the caller's own. */
  readonly type: TypeRecord | undefined
}

/** Faults: 'not-found' for an image, 'invalid' for a type, 'unavailable' on a site that offers nothing yet, those of chooseNetworks. */
export function chooseOffer(mirror: Mirror, caller: Caller, order: RunOrder): Offer {
  const defaults = siteDefaults(mirror)
  const image = order.image === undefined ? defaults.image : mirror.get('image', order.image)
  if (!image?.wish.exists || !maySee(image, caller))
    throw order.image === undefined
      ? fault('missing', 'this site has no image yet; name one', { field: 'image' })
      : fault('not-found', 'there is no such image', { field: 'image', subject: { kind: 'image', id: order.image } })
  if (image.seen.state !== 'available')
    throw fault('state', image.seen.state === 'failed' ? 'the image is not usable' : 'the image is not available yet', {
      subject: { kind: 'image', id: image.id },
    })
  const interfaces = chooseNetworks(mirror, caller, order.interfaces, order.maxCount)
  return { image, interfaces, ...chooseSize(mirror, order, defaults.type, image) }
}

function chooseSize(
  mirror: Mirror,
  order: RunOrder,
  smallest: TypeRecord | undefined,
  image: ImageRecord,
): Pick<Offer, 'size' | 'type'> {
  const least = imageSizeGiB(image)
  const diskGiB = order.rootGiB ?? least
  if (order.rootGiB !== undefined && !hasDisk(image))
    throw fault('combination', 'machines of this image have no root disk', { field: 'rootGiB' })
  if (diskGiB < least)
    throw fault('invalid', `the root disk has at least the ${least} GiB of its image`, { field: 'rootGiB' })
  if (order.type === undefined && (order.cores !== undefined || order.memoryMiB !== undefined)) {
    const cores = order.cores ?? smallest?.wish.size.cores ?? 1
    const memoryMiB = order.memoryMiB ?? smallest?.wish.size.memoryMiB ?? 512
    return { size: { type: '', cores, cpuHundredths: 100 * cores, memoryMiB, diskGiB }, type: undefined }
  }
  const named = order.type === undefined ? smallest : mirror.named(`type:${order.type}`)
  if (named?.kind === 'type') {
    const { size, name } = named.wish
    // A type's disk is what its machines get that ask for none.
    const wanted = order.rootGiB === undefined && hasDisk(image) ? Math.max(diskGiB, size.diskGiB) : diskGiB
    return { size: { ...size, type: name, diskGiB: wanted }, type: named }
  }
  throw fault('invalid', `there is no instance type ${order.type ?? ''}`.trimEnd(), {
    field: 'type',
    allowed: mirror.all('type').map((type) => type.wish.name),
  })
}
