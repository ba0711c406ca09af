import type { LaunchPermission } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import type { ImageRecord } from '../../model/records'
import { action, type Ec2Context, type Output } from '../action'
import { shorten } from '../codec'
import { imageNamed } from '../resources/images'
import { imageDisks } from '../show/image'

type Shown = Output<'DescribeImageAttribute'>

const permissions = ({ project, wish }: ImageRecord): LaunchPermission[] =>
  [...(project === null ? ['all'] : []), ...(wish.sharedWith ?? [])].map((one) =>
    one === 'all' ? { Group: 'all' } : { UserId: one },
  )

/** One entry per attribute of an image; those without a value here are empty, as EC2 shows what is not set. */
const SHOWN: Readonly<Record<string, (image: ImageRecord, context: Ec2Context) => Shown>> = {
  description: ({ wish }) => ({ Description: { Value: wish.description } }),
  launchPermission: (image) => ({ LaunchPermissions: permissions(image) }),
  blockDeviceMapping: (image, context) => ({ BlockDeviceMappings: imageDisks(image, context) }),
  productCodes: () => ({ ProductCodes: [] }),
  kernel: () => ({ KernelId: {} }),
  ramdisk: () => ({ RamdiskId: {} }),
  sriovNetSupport: ({ wish }) => ({ SriovNetSupport: { Value: wish.registered?.sriovNetSupport } }),
  bootMode: ({ wish }) => ({ BootMode: { Value: wish.registered?.bootMode } }),
  tpmSupport: () => ({ TpmSupport: {} }),
  uefiData: () => ({ UefiData: {} }),
  imdsSupport: ({ wish }) => ({ ImdsSupport: { Value: wish.registered?.imdsSupport } }),
  lastLaunchedTime: () => ({ LastLaunchedTime: {} }),
}

/** DescribeImageAttribute: of the caller's own images; of others only what DescribeImages shows too. */
export const describeImageAttribute = action(
  'DescribeImageAttribute',
  { Attribute: 'honoured', ImageId: 'honoured' },
  async (input, context) => {
    const attribute: string = input.Attribute ?? ''
    if (attribute === '')
      throw fault('missing', 'The request must contain the parameter Attribute', { field: 'Attribute' })
    const image = await imageNamed(input.ImageId, context)
    const show = Object.hasOwn(SHOWN, attribute) ? SHOWN[attribute] : undefined
    if (!show)
      throw fault(
        'invalid',
        `Value (${shorten(attribute)}) for parameter Attribute is invalid. Expected: one of ${Object.keys(SHOWN).join(', ')}`,
        {
          field: 'Attribute',
        },
      )
    if (attribute === 'launchPermission' && image.project !== context.caller.project)
      throw fault('forbidden', `Not authorized for image:${image.wish.ami}`, {
        subject: { kind: 'image', id: image.id },
        reason: 'not-owner',
      })
    return { ImageId: image.wish.ami, ...show(image, context) }
  },
)
