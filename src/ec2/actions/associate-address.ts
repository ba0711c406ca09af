import { fault } from '../../faults'
import type { ComputeRecord } from '../../model/records'
import { action, type Ec2Context, type Input } from '../action'
import { addressNamed } from '../resources/addresses'
import { instanceNamed } from '../resources/instances'
import { interfaceNamed } from '../resources/interfaces'

type Asked = Input<'AssociateAddress'>

/** AssociateAddress: with an instance or one of its network interfaces; what either had before ends, unless AllowReassociation is false. */
export const associateAddress = action(
  'AssociateAddress',
  {
    AllocationId: 'honoured',
    PublicIp: 'honoured',
    InstanceId: 'honoured',
    NetworkInterfaceId: 'honoured',
    PrivateIpAddress: 'honoured',
    AllowReassociation: 'honoured',
  },
  async (input, context) => {
    const { record: address } = await addressNamed(input, context)
    const target = await targetOf(input, context)
    const { record } = await context.operations.associateAddress(context.caller, {
      address: address.id,
      compute: target.compute.id,
      former: input.AllowReassociation === false ? 'stays' : 'ends',
      dryRun: input.DryRun === true,
      ...(target.interface === undefined ? {} : { interface: target.interface }),
      ...(input.PrivateIpAddress ? { privateAddress: input.PrivateIpAddress } : {}),
    })
    return { AssociationId: record.wish.holder?.association }
  },
)

interface Target {
  readonly compute: ComputeRecord
  /** `eni-…` */
  readonly interface?: string
}

async function targetOf({ InstanceId, NetworkInterfaceId }: Asked, context: Ec2Context): Promise<Target> {
  const named = NetworkInterfaceId ? await interfaceNamed(NetworkInterfaceId, context) : undefined
  const compute = InstanceId ? await instanceNamed(InstanceId, context) : named?.compute
  if (compute === undefined)
    throw fault('missing', 'Either the parameter InstanceId or NetworkInterfaceId must be specified', {
      field: 'InstanceId',
    })
  if (named === undefined) return { compute }
  if (named.compute.id !== compute.id)
    throw fault('combination', `${named.one.name} is no network interface of ${compute.wish.name}`, {
      field: 'NetworkInterfaceId',
    })
  return { compute, interface: named.one.name }
}
