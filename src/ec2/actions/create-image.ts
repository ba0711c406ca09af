import type { TagSpecification } from '@aws-sdk/client-ec2'
import { fault } from '../../faults'
import { action } from '../action'
import { instancesNamed } from '../resources/instances'
import { tagsAtCreation } from '../resources/tags'

const ofType = (specifications: readonly TagSpecification[] | undefined, type: 'image' | 'snapshot') =>
  tagsAtCreation(
    specifications?.filter(
      ({ ResourceType }) => ResourceType === type || !['image', 'snapshot'].includes(ResourceType ?? ''),
    ),
    type,
  )

/** CreateImage: of an instance's root disk, by a snapshot; pending until that is completed. The instance is never restarted. */
export const createImage = action(
  'CreateImage',
  {
    InstanceId: 'honoured',
    Name: 'honoured',
    Description: 'honoured',
    TagSpecifications: 'honoured',
    // Its guest is held still while the disk is copied; nothing is rebooted, whatever is asked for.
    NoReboot: 'ignored',
    BlockDeviceMappings: 'refused',
    BootModeOverride: 'refused',
    SnapshotLocation: { accepts: (value: string) => value === 'regional', only: 'regional' },
  },
  async (input, context) => {
    for (const field of ['InstanceId', 'Name'] as const)
      if (!input[field]) throw fault('missing', `The request must contain the parameter ${field}`, { field })
    const [compute] = await instancesNamed([input.InstanceId ?? ''], context)
    if (!compute) throw fault('missing', 'The request must contain the parameter InstanceId', { field: 'InstanceId' })
    const image = await context.operations.createImageOf(context.caller, {
      compute: compute.id,
      name: input.Name ?? '',
      description: input.Description ?? '',
      tags: ofType(input.TagSpecifications, 'image'),
      snapshotTags: ofType(input.TagSpecifications, 'snapshot'),
      dryRun: input.DryRun === true,
    })
    return { ImageId: image.wish.ami }
  },
)
