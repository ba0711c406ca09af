import type { InstanceBlockDeviceMapping } from '@aws-sdk/client-ec2'
import type { ComputeRecord } from '../../model/records'

/** The disks of a machine; none of one that is deleted. `attached` once the host has been seen to have it attached. */
export function showDisks(record: ComputeRecord): InstanceBlockDeviceMapping[] {
  const { wish, seen } = record
  if (!wish.exists) return []
  const attached = new Set(seen.machine?.disks.filter((disk) => disk.attached).map((disk) => disk.name))
  return wish.disks.map((disk) => ({
    DeviceName: disk.device,
    Ebs: {
      AttachTime: new Date(wish.createdAt),
      DeleteOnTermination: disk.deleteOnTermination,
      Status: attached.has(`${wish.name}-${disk.name}`) ? 'attached' : 'attaching',
      VolumeId: disk.volume,
    },
  }))
}
