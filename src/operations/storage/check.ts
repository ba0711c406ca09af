/** What orders for volumes may say, checked before anything is read. */
import { fault } from '../../faults'
import { isUuid } from '../../model/ids'
import { isDevice, LARGEST_GIB } from '../../model/storage'
import { checkTags } from '../check-tags'
import { unusableId } from '../own-id'
import type { AttachOrder, CreateStorageOrder } from './operations'

/** EC2's limit of attachments on Xen, with the root disk. */
export const MOST_VOLUMES = 24

/** Whole GiB from 1 to 16384. Faults: 'invalid'. */
export function checkSize(sizeGiB: number): void {
  if (!Number.isInteger(sizeGiB) || sizeGiB < 1 || sizeGiB > LARGEST_GIB)
    throw fault('invalid', `a volume's size is a whole number of GiB from 1 to ${LARGEST_GIB}`, { field: 'sizeGiB' })
}

/** Faults: 'invalid' naming the field of the order. */
export function checkStorageOrder(order: CreateStorageOrder): void {
  if (order.sizeGiB !== undefined || order.snapshot === undefined) checkSize(order.sizeGiB ?? 0)
  checkTexts(order)
  if (order.id !== undefined && !isUuid(order.id)) throw unusableId('storage', order.id)
  if (order.tags) checkTags(order.tags)
}

/** Faults: 'invalid'. */
export function checkTexts(order: { readonly title?: string | null; readonly summary?: string | null }): void {
  for (const [field, most] of [['title', 255] as const, ['summary', 1024] as const])
    if ((order[field]?.length ?? 0) > most) throw fault('invalid', `${field} has at most ${most} characters`, { field })
}

/** Faults: 'invalid' for a device that is none, and for a mount point that is no path. */
export function checkAttachOrder({ device, mountpoint }: Pick<AttachOrder, 'device' | 'mountpoint'>): void {
  if (device !== undefined && !isDevice(device))
    throw fault('invalid', `${JSON.stringify(device.slice(0, 64))} is no device for a volume; /dev/sdf is one`, {
      field: 'device',
    })
  if (mountpoint !== undefined && !/^\/[^\p{Cc}]{0,254}$/u.test(mountpoint))
    throw fault('invalid', 'a mount point is an absolute path of at most 255 characters', { field: 'mountpoint' })
}
