import { fault } from '../../faults'
import type { ImageRecord } from '../../model/records'
import { action, type Ec2Context, type Input } from '../action'
import { orAsBefore, tokenOf } from '../client-token'
import { shorten } from '../codec'
import { imagesAsked } from '../resources/images'
import { nameAsked } from '../resources/new-image'
import { tagsAtCreation } from '../resources/tags'

/** CopyImage: of one that the caller sees, in this region. The files are shared: a copy takes no room and no time. */
export const copyImage = action(
  'CopyImage',
  {
    Name: 'honoured',
    SourceImageId: 'honoured',
    SourceRegion: 'honoured',
    Description: 'honoured',
    ClientToken: 'honoured',
    CopyImageTags: 'honoured',
    TagSpecifications: 'honoured',
    Encrypted: { accepts: (value: boolean) => !value, only: 'false' },
    DestinationAvailabilityZone: 'refused',
    DestinationAvailabilityZoneId: 'refused',
    DestinationOutpostArn: 'refused',
    KmsKeyId: 'refused',
    SnapshotCopyCompletionDurationMinutes: 'ignored',
  },
  async (input, context) => {
    const { operations, caller } = context
    const order = () => copied(input, context)
    const image = await orAsBefore(input, order, (token) => operations.registeredBefore(caller, token))
    return { ImageId: image.wish.ami }
  },
)

async function copied(input: Input<'CopyImage'>, context: Ec2Context): Promise<ImageRecord> {
  const name = nameAsked(input.Name)
  if (!input.SourceImageId)
    throw fault('missing', 'The request must contain the parameter SourceImageId', { field: 'SourceImageId' })
  if (input.SourceRegion !== undefined && input.SourceRegion !== context.region)
    throw fault('invalid', `Images are copied within ${context.region}, not from ${shorten(input.SourceRegion)}`, {
      field: 'SourceRegion',
    })
  const [source] = await imagesAsked([input.SourceImageId], context)
  if (!source) throw fault('internal', 'an image that was found is not there')
  const tags = input.CopyImageTags && source.project === context.caller.project ? source.wish.tags : {}
  return context.operations.registerImage(context.caller, {
    name,
    description: input.Description ?? source.wish.description,
    tags: { ...tags, ...tagsAtCreation(input.TagSpecifications, 'image') },
    of: { image: source.id },
    copyOf: source.wish.ami,
    ...tokenOf(input),
    ...(input.DryRun ? { dryRun: true } : {}),
  })
}
