/** A RunInstances input to an order for machines: names are looked up, nothing is changed. */
import { fault } from '../../faults'
import type { ImageRecord } from '../../model/records'
import type { RunOrder } from '../../operations/operations'
import type { Ec2Context, Input } from '../action'
import { shorten } from '../codec'
import { imagesAsked } from '../resources/images'
import { readTags } from '../resources/tags'
import { blockDevices } from './block-devices'
import { digestOf } from './digest'

type Run = Input<'RunInstances'>

/** The order. Faults: 'missing', 'malformed', 'invalid', 'not-found', 'unsupported', each naming the parameter. */
export async function orderOf(input: Run, context: Ec2Context): Promise<RunOrder> {
  const image = await imageOf(input.ImageId, context)
  const disks = blockDevices(input.BlockDeviceMappings ?? [], image, tagsOf(input.TagSpecifications, 'volume'))
  refuseOtherSubnets(input.SubnetId, context)
  const zone = input.Placement?.AvailabilityZone
  return {
    // What these may be is checked by the operation, which answers a repeated order before it looks at what there is now.
    minCount: input.MinCount ?? 1,
    maxCount: input.MaxCount ?? 1,
    image: image.id,
    tags: tagsOf(input.TagSpecifications, 'instance'),
    ...disks,
    ...(input.InstanceType ? { type: input.InstanceType } : {}),
    ...(zone ? { zone } : {}),
    ...(input.KeyName ? { keyName: input.KeyName } : {}),
    ...(input.UserData ? { userData: input.UserData } : {}),
    ...(input.ClientToken ? { token: { token: input.ClientToken, digest: digestOf(input) } } : {}),
    ...(input.DryRun ? { dryRun: true } : {}),
  }
}

async function imageOf(ami: string | undefined, context: Ec2Context): Promise<ImageRecord> {
  const missing = fault('missing', 'The request must contain the parameter ImageId', { field: 'ImageId' })
  if (!ami) throw missing
  const [image] = await imagesAsked([ami], context)
  if (!image) throw missing
  return image
}

function refuseOtherSubnets(subnet: string | undefined, { operations }: Ec2Context): void {
  if (subnet !== undefined && subnet !== operations.defaults().network?.wish.subnet)
    throw fault('not-found', `The subnet ID '${shorten(subnet)}' does not exist`, {
      field: 'SubnetId',
      subject: { kind: 'network', id: shorten(subnet) },
    })
}

/** Tags for what is made of that type: machines, or all their disks. */
function tagsOf(
  specifications: Run['TagSpecifications'],
  type: 'instance' | 'volume',
): Readonly<Record<string, string>> {
  const field = 'TagSpecification.ResourceType'
  const tags = (specifications ?? []).flatMap(({ ResourceType, Tags }) => {
    if (ResourceType === undefined) throw fault('missing', `The request must contain the parameter ${field}`, { field })
    if (ResourceType !== 'instance' && ResourceType !== 'volume')
      throw fault(
        'unsupported',
        `'${shorten(ResourceType)}' cannot be tagged at launch by this gateway; 'instance' and 'volume' can`,
        { field },
      )
    return ResourceType === type ? (Tags ?? []) : []
  })
  return readTags(tags)
}
