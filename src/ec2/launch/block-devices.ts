import type { BlockDeviceMapping } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import { hasDisk, type ImageRecord } from '../../model/records'
import type { RunOrder } from '../../operations/operations'
import { shorten } from '../codec'
import { volumeType } from '../resources/volume-type'

const FIELD = { field: 'BlockDeviceMapping' }

/**
 * The disks of an order: the root disk as large as the image's or larger, and empty volumes beside it, which go with their machine
 * unless DeleteOnTermination=false. Faults: 'missing', 'invalid', 'unsupported' (snapshots, encryption, a root disk that outlives its machine).
 */
export function blockDevices(
  mappings: readonly BlockDeviceMapping[],
  image: ImageRecord,
  tags: Readonly<Record<string, string>>,
): Pick<RunOrder, 'rootGiB' | 'rootTags' | 'newVolumes'> {
  const wanted = mappings.filter(({ NoDevice }) => NoDevice === undefined)
  const named = wanted.map(({ DeviceName }) => DeviceName)
  if (named.some((name, at) => named.indexOf(name) !== at))
    throw fault('invalid', 'A device name is used more than once in BlockDeviceMapping', FIELD)
  const root = hasDisk(image) ? wanted.find((one) => one.DeviceName === image.wish.rootDevice) : undefined
  const others = wanted.filter((one) => one !== root)
  if (root) refuseUnsupported(root)
  if (root?.Ebs?.DeleteOnTermination === false)
    throw fault(
      'unsupported',
      'A root disk goes with its machine here: DeleteOnTermination=false is refused for it',
      FIELD,
    )
  return {
    ...(root?.Ebs?.VolumeSize === undefined ? {} : { rootGiB: root.Ebs.VolumeSize }),
    ...(Object.keys(tags).length === 0 ? {} : { rootTags: tags }),
    ...(others.length === 0 ? {} : { newVolumes: others.map((one) => blank(one, tags)) }),
  }
}

function refuseUnsupported({ Ebs, VirtualName }: BlockDeviceMapping): void {
  const refused =
    VirtualName !== undefined
      ? 'VirtualName'
      : Ebs?.Encrypted === true
        ? 'Ebs.Encrypted'
        : (['SnapshotId', 'Iops', 'KmsKeyId', 'Throughput', 'OutpostArn'] as const).find(
            (name) => Ebs?.[name] !== undefined,
          )
  if (refused !== undefined)
    throw fault('unsupported', `The parameter BlockDeviceMapping.${refused} is not supported by this gateway`, FIELD)
  if (Ebs?.VolumeType !== undefined) volumeType(Ebs.VolumeType)
}

function blank(mapping: BlockDeviceMapping, tags: Readonly<Record<string, string>>) {
  const { DeviceName, Ebs } = mapping
  refuseUnsupported(mapping)
  if (!DeviceName) throw fault('missing', 'The request must contain the parameter BlockDeviceMapping.DeviceName', FIELD)
  if (Ebs?.VolumeSize === undefined)
    throw fault('missing', `The device ${shorten(DeviceName)} needs Ebs.VolumeSize: volumes begin empty here`, FIELD)
  return {
    sizeGiB: Ebs.VolumeSize,
    type: volumeType(Ebs.VolumeType),
    device: DeviceName,
    deleteOnTermination: Ebs.DeleteOnTermination ?? true,
    tags,
  }
}
