import type { BlockDeviceMapping } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import type { ImageRecord } from '../../model/records'

/**
 * Many tools send the image's own root device again. That is accepted; more disks, other sizes or a root disk that outlives
 * its machine are not done here ('unsupported').
 */
export function refuseOtherDisks(mappings: readonly BlockDeviceMapping[], image: ImageRecord): void {
  for (const { DeviceName, Ebs, NoDevice, VirtualName } of mappings) {
    const isRoot = DeviceName === image.wish.rootDevice && NoDevice === undefined && VirtualName === undefined
    const asItIs =
      (Ebs?.VolumeSize ?? image.wish.sizeGiB) === image.wish.sizeGiB &&
      (Ebs?.DeleteOnTermination ?? true) &&
      Ebs?.SnapshotId === undefined &&
      Ebs?.Encrypted !== true
    if (!isRoot || !asItIs)
      throw fault(
        'unsupported',
        `The parameter BlockDeviceMapping is supported only for the image's own root disk, ${image.wish.rootDevice} of ${image.wish.sizeGiB} GiB`,
        { field: 'BlockDeviceMapping' },
      )
  }
}
