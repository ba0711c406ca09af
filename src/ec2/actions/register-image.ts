import { fault } from '../../faults'
import type { ImageRegistered } from '../../model/records'
import { action, type Ec2Context, type Input } from '../action'
import { shorten } from '../codec'
import { imagesAsked, visibleImages } from '../resources/images'
import { architectureAsked, nameAsked, rootAsked } from '../resources/new-image'
import { tagsAtCreation } from '../resources/tags'
import { imageLocation } from '../show/image'

const anyOf = (...values: readonly string[]) => ({
  accepts: (value: string) => values.includes(value),
  only: values.join(' or '),
})

/** RegisterImage: of a snapshot as the root disk, or of an image that was uploaded (ImageLocation: its id, name or location). */
export const registerImage = action(
  'RegisterImage',
  {
    Name: 'honoured',
    Description: 'honoured',
    Architecture: 'honoured',
    RootDeviceName: 'honoured',
    BlockDeviceMappings: 'honoured',
    ImageLocation: 'honoured',
    TagSpecifications: 'honoured',
    VirtualizationType: anyOf('hvm'),
    BootMode: anyOf('legacy-bios', 'uefi-preferred', 'uefi'),
    EnaSupport: 'honoured',
    SriovNetSupport: anyOf('simple'),
    ImdsSupport: anyOf('v2.0'),
    BillingProducts: 'refused',
    KernelId: 'refused',
    RamdiskId: 'refused',
    TpmSupport: 'refused',
    UefiData: 'refused',
  },
  async (input, context) => {
    const { operations, caller } = context
    const root = rootAsked(input.RootDeviceName, input.BlockDeviceMappings)
    const registered = { ...registeredAs(input), ...root?.performance }
    const common = {
      ...(Object.keys(registered).length === 0 ? {} : { registered }),
      ...(input.Description === undefined ? {} : { description: input.Description }),
      tags: tagsAtCreation(input.TagSpecifications, 'image'),
      ...(input.DryRun ? { dryRun: true } : {}),
    }
    if (root) {
      const { snapshot, performance: _told, ...disk } = root
      const image = await operations.registerImage(caller, {
        ...common,
        ...disk,
        name: nameAsked(input.Name),
        architecture: architectureAsked(input.Architecture),
        of: { snapshot },
      })
      return { ImageId: image.wish.ami }
    }
    const uploaded = await located(input.ImageLocation, context)
    // As old bundling tools do it: what was uploaded is an image already.
    if (input.Name === uploaded.wish.name) return { ImageId: uploaded.wish.ami }
    const name = nameAsked(input.Name)
    const image = await operations.registerImage(caller, { ...common, name, of: { image: uploaded.id } })
    return { ImageId: image.wish.ami }
  },
)

const registeredAs = ({
  EnaSupport,
  SriovNetSupport,
  ImdsSupport,
  BootMode,
}: Input<'RegisterImage'>): ImageRegistered => ({
  ...(EnaSupport === undefined ? {} : { enaSupport: EnaSupport }),
  ...(SriovNetSupport === undefined ? {} : { sriovNetSupport: SriovNetSupport }),
  ...(ImdsSupport === undefined ? {} : { imdsSupport: ImdsSupport }),
  ...(BootMode === undefined ? {} : { bootMode: BootMode }),
})

async function located(location: string | undefined, context: Ec2Context) {
  if (location === undefined || location === '')
    throw fault('missing', 'The request must contain a BlockDeviceMapping with a SnapshotId, or an ImageLocation', {
      field: 'BlockDeviceMapping',
    })
  const images = location.startsWith('ami-') ? await imagesAsked([location], context) : await visibleImages(context)
  const own = images.filter((image) => image.project === context.caller.project)
  const found = own.find((image) => [image.wish.ami, image.wish.name, imageLocation(image, context)].includes(location))
  if (found) return found
  throw fault('invalid', `There is no uploaded image at ${shorten(location)}; occi-gateway image upload makes one`, {
    field: 'ImageLocation',
  })
}
