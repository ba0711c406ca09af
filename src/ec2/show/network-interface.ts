/** The interfaces of machines as things of their own (DescribeNetworkInterfaces). */
import type { InstanceNetworkInterface, NetworkInterface } from '@aws-sdk/client-ec2'
import type { ComputeRecord } from '../../model/records'
import type { Ec2Context } from '../action'
import { showInterfaces } from './instance-interfaces'
import { zoneOf } from './where'

/** All of the caller's, in the order of their machines. */
export async function networkInterfaces(context: Ec2Context): Promise<readonly NetworkInterface[]> {
  const computes = await context.operations.listComputes(context.caller)
  return computes.flatMap((record) => showInterfaces(record, context).map((one) => onItsOwn(one, record, context)))
}

const onItsOwn = (one: InstanceNetworkInterface, record: ComputeRecord, { caller }: Ec2Context): NetworkInterface => ({
  ...one,
  Attachment: { ...one.Attachment, InstanceId: record.wish.name, InstanceOwnerId: caller.account },
  AvailabilityZone: zoneOf(record),
  Description: '',
  Ipv6Addresses: [],
  InterfaceType: 'interface',
  RequesterManaged: false,
  TagSet: [],
})
