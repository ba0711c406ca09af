/** A machine's record with one of its own disks changed, as the real operation would. */
import { fault } from '../../src/faults'
import type { ComputeRecord, DiskWish } from '../../src/model/records'
import type { Operations, RunOrder } from '../../src/operations/operations'
import { at } from './fake-offers'

/** The root disk of an order, like this one. */
export const rootDisk = (
  like: DiskWish,
  { rootGiB, rootType }: RunOrder,
  own: Pick<DiskWish, 'sizeGiB' | 'image' | 'volume'>,
): DiskWish => ({
  ...{ ...like, ...own },
  ...(rootGiB === undefined ? {} : { sizeGiB: rootGiB }),
  ...(rootType === undefined ? {} : { volumeType: rootType }),
})

type Order = Parameters<Operations['changeDisk']>[1]

export function withDisk(record: ComputeRecord, change: Order): ComputeRecord {
  const disks = record.wish.disks.map((disk) => {
    if (disk.name !== change.disk) return disk
    const { sizeGiB = disk.sizeGiB, volumeType, autoEnableIo } = change
    if (sizeGiB < disk.sizeGiB) throw fault('invalid', 'not smaller', { field: 'sizeGiB' })
    const resized = sizeGiB === disk.sizeGiB ? {} : { sizeGiB, resized: { fromGiB: disk.sizeGiB, at } }
    const fromType = disk.volumeType ?? 'gp2'
    const isRetyped = volumeType !== undefined && volumeType !== fromType && sizeGiB === disk.sizeGiB
    const retyped = isRetyped ? { resized: { fromGiB: sizeGiB, fromType, at } } : {}
    const type = volumeType === undefined ? {} : { volumeType, ...retyped }
    return { ...disk, ...resized, ...type, ...(autoEnableIo === undefined ? {} : { autoEnableIo }) }
  })
  return { ...record, wish: { ...record.wish, disks } }
}
