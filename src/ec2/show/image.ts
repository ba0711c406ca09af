import type { BlockDeviceMapping, Image } from '@aws-sdk/client-ec2'
import { hasDisk, type ImageRecord, imageSizeGiB, isPublic, isSimulated } from '../../model/records'
import type { VolumeType } from '../../model/storage'
import type { Ec2Context } from '../action'
import { platformDetails } from './platform'
import { showTags } from './tags'

/** The account that the site's public images belong to; its alias is `amazon`, because that is where clients look. */
export const SITE_ACCOUNT = '000000000000'

/** 12 digits: the caller's own account, that of the project that shares it, or the site's. */
export const imageOwner = ({ project }: Pick<ImageRecord, 'project'>, { caller, operations }: Ec2Context): string => {
  if (project === null) return SITE_ACCOUNT
  return project === caller.project ? caller.account : (operations.project(project)?.wish.account ?? SITE_ACCOUNT)
}

/** EC2 knows two: pvh is a kind of hvm. */
export const virtualization = ({ wish }: ImageRecord): 'hvm' | 'paravirtual' =>
  wish.boot?.mode === 'pv' ? 'paravirtual' : 'hvm'

export const rootDeviceType = (image: ImageRecord): 'ebs' | 'instance-store' =>
  hasDisk(image) ? 'ebs' : 'instance-store'

/** Where DescribeImages says that it lies, and RegisterImage takes it from. */
export const imageLocation = (image: ImageRecord, context: Ec2Context): string =>
  `${image.project === null ? 'amazon' : imageOwner(image, context)}/${image.wish.name}`

/** `snap-…` that it is made of, told to its owner alone; undefined: it is made of files, or that is gone. */
export function imageSnapshot({ project, wish }: ImageRecord, { caller, operations }: Ec2Context): string | undefined {
  const source = wish.sources?.disk
  if (project !== caller.project || source?.from !== 'snapshot') return undefined
  const snapshot = operations.snapshot(source.id)
  return snapshot?.wish.exists ? snapshot.wish.name : undefined
}

/** Of its root disk. */
export const imageVolumeType = ({ wish }: ImageRecord): VolumeType => wish.volumeType ?? 'gp2'

/** Its root disk is the one block device; an image without a disk has none. */
export const imageDisks = (image: ImageRecord, context: Ec2Context): BlockDeviceMapping[] =>
  hasDisk(image)
    ? [
        {
          DeviceName: image.wish.rootDevice,
          Ebs: {
            DeleteOnTermination: true,
            SnapshotId: imageSnapshot(image, context),
            VolumeSize: imageSizeGiB(image),
            VolumeType: imageVolumeType(image),
            Iops: image.wish.registered?.iops,
            Throughput: image.wish.registered?.throughput,
            Encrypted: false,
          },
        },
      ]
    : []

/** Its owner's tags are told to nobody else; the site's to everybody. */
export const imageTags = (
  { project, wish }: Pick<ImageRecord, 'project' | 'wish'>,
  { caller }: Ec2Context,
): ImageRecord['wish']['tags'] => (project === caller.project || project === null ? wish.tags : {})

const showRegistered = ({ wish }: ImageRecord): Partial<Image> => ({
  EnaSupport: wish.registered?.enaSupport,
  SriovNetSupport: wish.registered?.sriovNetSupport,
  ImdsSupport: wish.registered?.imdsSupport as Image['ImdsSupport'],
  BootMode: wish.registered?.bootMode as Image['BootMode'],
})

/** An image as EC2 shows it. */
export function showImage(image: ImageRecord, context: Ec2Context): Image {
  const { wish, project, seen } = image
  return {
    ImageId: wish.ami,
    Name: wish.name,
    Description: wish.description,
    ImageLocation: imageLocation(image, context),
    State: seen.state,
    OwnerId: imageOwner(image, context),
    ...(project === null ? { ImageOwnerAlias: 'amazon' } : {}),
    CreationDate: new Date(wish.createdAt).toISOString(),
    Public: isPublic(image),
    ProductCodes: [],
    Architecture: wish.architecture,
    ImageType: 'machine',
    PlatformDetails: platformDetails({ simulated: isSimulated(image) }),
    UsageOperation: 'RunInstances',
    BlockDeviceMappings: imageDisks(image, context),
    ...showRegistered(image),
    Hypervisor: 'xen',
    ...(hasDisk(image) ? { RootDeviceName: wish.rootDevice } : {}),
    RootDeviceType: rootDeviceType(image),
    ...(seen.message === undefined
      ? {}
      : { StateReason: { Code: seen.state === 'failed' ? 'Client.ImportFailed' : 'pending', Message: seen.message } }),
    ...(wish.copyOf === undefined ? {} : { SourceImageId: wish.copyOf, SourceImageRegion: context.region }),
    ...(wish.madeFrom === undefined ? {} : { SourceInstanceId: wish.madeFrom }),
    Tags: showTags(imageTags(image, context)),
    VirtualizationType: virtualization(image),
  }
}
