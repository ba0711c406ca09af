import type { InstanceBlockDeviceMapping } from '@aws-sdk/client-ec2'
import type { ComputeRecord } from '../../model/records'
import { isAttached, volumesOf } from '../../model/storage'

/** Attached once the host has been seen to have it attached. */
export const diskStatus = (record: ComputeRecord, disk: string): 'attached' | 'attaching' =>
  isAttached(record, disk) ? 'attached' : 'attaching'

/** The disks of a machine, the root disk first; none of one that is deleted. */
export function showDisks(record: ComputeRecord): InstanceBlockDeviceMapping[] {
  const { wish } = record
  if (!wish.exists) return []
  const own = wish.disks.map((disk) =>
    mapping(disk.device, disk.volume, {
      at: wish.createdAt,
      deleteOnTermination: disk.deleteOnTermination,
      status: diskStatus(record, `${wish.name}-${disk.name}`),
    }),
  )
  const volumes = volumesOf(record).map((volume) =>
    mapping(volume.device, volume.name, {
      at: volume.since,
      deleteOnTermination: volume.deleteOnTermination,
      status: diskStatus(record, volume.name),
    }),
  )
  return [...own, ...volumes]
}

const mapping = (
  device: string,
  volume: string,
  more: { readonly at: number; readonly deleteOnTermination: boolean; readonly status: 'attached' | 'attaching' },
): InstanceBlockDeviceMapping => ({
  DeviceName: device,
  Ebs: {
    AttachTime: new Date(more.at),
    DeleteOnTermination: more.deleteOnTermination,
    Status: more.status,
    VolumeId: volume,
  },
})
