import type { BlockDeviceMapping } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import { hasDisk, type ImageRecord } from '../../model/records'
import type { VolumeType } from '../../model/storage'
import type { RunOrder } from '../../operations/operations'
import type { Ec2Context } from '../action'
import { shorten } from '../codec'
import { snapshotNamed } from '../resources/snapshots'
import { checkPerformance, volumeType } from '../resources/volume-type'

const FIELD = { field: 'BlockDeviceMapping' }

/**
 * The disks of an order: the root disk as large as the image's or larger, and volumes beside it, empty or of snapshots, which go with their machine
 * unless DeleteOnTermination=false. Faults: 'missing', 'invalid', 'not-found' (snapshot), 'unsupported' (encryption, a root disk that outlives its machine).
 */
export async function blockDevices(
  mappings: readonly BlockDeviceMapping[],
  image: ImageRecord,
  tags: Readonly<Record<string, string>>,
  context: Ec2Context,
): Promise<Pick<RunOrder, 'rootGiB' | 'rootType' | 'rootTags' | 'newVolumes'>> {
  const wanted = mappings.filter(({ NoDevice }) => NoDevice === undefined)
  const named = wanted.map(({ DeviceName }) => DeviceName)
  if (named.some((name, at) => named.indexOf(name) !== at))
    throw fault('invalid', 'A device name is used more than once in BlockDeviceMapping', FIELD)
  const root = hasDisk(image) ? wanted.find((one) => one.DeviceName === image.wish.rootDevice) : undefined
  const others = wanted.filter((one) => one !== root)
  if (root) refuseUnsupported(root, image.wish.volumeType)
  if (root?.Ebs?.SnapshotId)
    throw fault('unsupported', 'A root disk is made of its image: its SnapshotId cannot be given', FIELD)
  if (root?.Ebs?.DeleteOnTermination === false)
    throw fault(
      'unsupported',
      'A root disk goes with its machine here: DeleteOnTermination=false is refused for it',
      FIELD,
    )
  return {
    ...(root?.Ebs?.VolumeSize === undefined ? {} : { rootGiB: root.Ebs.VolumeSize }),
    ...(root?.Ebs?.VolumeType === undefined ? {} : { rootType: volumeType(root.Ebs.VolumeType) }),
    ...(Object.keys(tags).length === 0 ? {} : { rootTags: tags }),
    ...(others.length === 0
      ? {}
      : { newVolumes: await Promise.all(others.map((one) => volumeOf(one, tags, context))) }),
  }
}

/** `unsaid`: the type that its disk has where it says none. */
function refuseUnsupported({ Ebs, VirtualName }: BlockDeviceMapping, unsaid: VolumeType = 'gp2'): void {
  const refused =
    VirtualName !== undefined
      ? 'VirtualName'
      : Ebs?.Encrypted === true
        ? 'Ebs.Encrypted'
        : (['KmsKeyId', 'OutpostArn'] as const).find((name) => Ebs?.[name] !== undefined)
  if (refused !== undefined)
    throw fault('unsupported', `The parameter BlockDeviceMapping.${refused} is not supported by this gateway`, FIELD)
  if (Ebs) checkPerformance(Ebs, volumeType(Ebs.VolumeType ?? unsaid), FIELD.field)
}

async function volumeOf(
  mapping: BlockDeviceMapping,
  tags: Readonly<Record<string, string>>,
  context: Ec2Context,
): Promise<NonNullable<RunOrder['newVolumes']>[number]> {
  const { DeviceName, Ebs } = mapping
  refuseUnsupported(mapping)
  if (!DeviceName) throw fault('missing', 'The request must contain the parameter BlockDeviceMapping.DeviceName', FIELD)
  const snapshot = Ebs?.SnapshotId ? await snapshotNamed(Ebs.SnapshotId, context) : undefined
  if (Ebs?.VolumeSize === undefined && !snapshot)
    throw fault('missing', `The device ${shorten(DeviceName)} needs Ebs.VolumeSize or Ebs.SnapshotId`, FIELD)
  return {
    ...(Ebs?.VolumeSize === undefined ? {} : { sizeGiB: Ebs.VolumeSize }),
    ...(snapshot ? { snapshot: snapshot.id } : {}),
    type: volumeType(Ebs?.VolumeType),
    device: DeviceName,
    deleteOnTermination: Ebs?.DeleteOnTermination ?? true,
    tags,
  }
}
