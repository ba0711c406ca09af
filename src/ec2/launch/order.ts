/** A RunInstances input to an order for machines: names are looked up, nothing is changed. */
import { fault } from '../../faults'
import type { ImageRecord } from '../../model/records'
import type { RunOrder } from '../../operations/operations'
import type { Ec2Context, Input } from '../action'
import { shorten } from '../codec'
import { imagesAsked } from '../resources/images'
import { tagsAtCreation } from '../resources/tags'
import { digestOf } from './digest'
import { refuseOtherDisks } from './root-mapping'

type Run = Input<'RunInstances'>

/** The order. Faults: 'missing', 'malformed', 'invalid', 'not-found', 'unsupported', each naming the parameter. */
export async function orderOf(input: Run, context: Ec2Context): Promise<RunOrder> {
  const image = await imageOf(input.ImageId, context)
  refuseOtherDisks(input.BlockDeviceMappings ?? [], image)
  refuseOtherSubnets(input.SubnetId, context)
  const zone = input.Placement?.AvailabilityZone
  return {
    // What these may be is checked by the operation, which answers a repeated order before it looks at what there is now.
    minCount: input.MinCount ?? 1,
    maxCount: input.MaxCount ?? 1,
    image: image.id,
    tags: tagsAtCreation(input.TagSpecifications, 'instance'),
    ...(input.InstanceType ? { type: input.InstanceType } : {}),
    ...(zone ? { zone } : {}),
    ...(input.KeyName ? { keyName: input.KeyName } : {}),
    ...(input.UserData ? { userData: input.UserData } : {}),
    ...optionsOf(input),
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

function optionsOf(input: Run): Pick<RunOrder, 'options'> {
  const { DisableApiTermination, InstanceInitiatedShutdownBehavior: behaviour, Monitoring } = input
  if (behaviour !== undefined && behaviour !== 'stop' && behaviour !== 'terminate')
    throw fault(
      'invalid',
      `Value (${shorten(behaviour)}) for parameter InstanceInitiatedShutdownBehavior is invalid. Expected: stop or terminate`,
      { field: 'InstanceInitiatedShutdownBehavior' },
    )
  const options = {
    ...(DisableApiTermination ? { isProtected: true } : {}),
    ...(behaviour === 'terminate' ? { onShutdown: behaviour } : {}),
    ...(Monitoring?.Enabled ? { monitoring: true } : {}),
  }
  return Object.keys(options).length === 0 ? {} : { options }
}
