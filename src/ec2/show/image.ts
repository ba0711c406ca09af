import type { Image } from '@aws-sdk/client-ec2'
import type { ImageRecord } from '../../model/records'
import type { Ec2Context } from '../action'
import { platformDetails } from './platform'
import { showTags } from './tags'

/** The account that the site's public images belong to; its alias is `amazon`, because that is where clients look. */
export const SITE_ACCOUNT = '000000000000'

/** 12 digits: the caller's own account, or the site's. Nobody sees other projects' images. */
export const imageOwner = (image: ImageRecord, { caller }: Ec2Context): string =>
  image.project === null ? SITE_ACCOUNT : caller.account

/** An image as EC2 shows it; its root disk is the one block device. */
export function showImage(image: ImageRecord, context: Ec2Context): Image {
  const { wish, project, seen } = image
  const owner = imageOwner(image, context)
  return {
    ImageId: wish.ami,
    Name: wish.name,
    Description: wish.description,
    ImageLocation: `${project === null ? 'amazon' : owner}/${wish.name}`,
    State: seen.state,
    OwnerId: owner,
    ...(project === null ? { ImageOwnerAlias: 'amazon' } : {}),
    CreationDate: new Date(wish.createdAt).toISOString(),
    Public: project === null,
    ProductCodes: [],
    Architecture: wish.architecture,
    ImageType: 'machine',
    PlatformDetails: platformDetails(wish),
    UsageOperation: 'RunInstances',
    BlockDeviceMappings: [
      {
        DeviceName: wish.rootDevice,
        Ebs: { DeleteOnTermination: true, VolumeSize: wish.sizeGiB, Encrypted: false },
      },
    ],
    Hypervisor: 'xen',
    RootDeviceName: wish.rootDevice,
    RootDeviceType: 'ebs',
    Tags: showTags(wish.tags),
    VirtualizationType: 'hvm',
  }
}
