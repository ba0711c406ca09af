/** A network interface by itself, as DescribeNetworkInterfaces shows it. Pure. */
import type { NetworkInterface, NetworkInterfaceAssociation, NetworkInterfaceAttachment } from '@aws-sdk/client-ec2'
import { addressOf, isConnected } from '../../model/given-addresses'
import type { Ec2Context } from '../action'
import { showIdentifiers } from '../groups/show'
import type { Interface } from '../resources/interfaces'
import { publicOf } from './address'
import { showTags } from './tags'
import { deviceIndexOf, placeInVpc, zoneOf } from './where'

export function showNetworkInterface(it: Interface, context: Ec2Context): NetworkInterface {
  const { compute, one } = it
  const association = associationOf(it, context)
  const address = addressOf(compute, one)
  return {
    ...association,
    Attachment: showInterfaceAttachment(it, context),
    AvailabilityZone: zoneOf(compute),
    Description: one.description ?? '',
    Groups: showIdentifiers(context.operations.groupsOf(compute)),
    InterfaceType: 'interface',
    Ipv6Addresses: [],
    MacAddress: one.mac,
    NetworkInterfaceId: one.name,
    OwnerId: context.caller.account,
    ...(address === null
      ? {}
      : {
          PrivateIpAddress: address,
          PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address, ...association }],
        }),
    RequesterManaged: false,
    SourceDestCheck: true,
    Status: 'in-use',
    TagSet: showTags(one.tags ?? {}),
    ...placeInVpc(compute, context, one),
  }
}

/** Until it is connected on its host it is on its way there. */
export function showInterfaceAttachment(
  { compute, one }: Interface,
  { caller }: Ec2Context,
): NetworkInterfaceAttachment {
  return {
    AttachTime: new Date(one.since ?? compute.wish.createdAt),
    AttachmentId: one.name.replace(/^eni-/, 'eni-attach-'),
    DeleteOnTermination: true,
    DeviceIndex: deviceIndexOf(one),
    NetworkCardIndex: 0,
    InstanceId: compute.wish.name,
    InstanceOwnerId: caller.account,
    Status: isConnected(compute, one) ? 'attached' : 'attaching',
  }
}

function associationOf(
  { compute, one }: Interface,
  { caller }: Ec2Context,
): { readonly Association?: NetworkInterfaceAssociation } {
  const found = publicOf(compute, one)
  if (found === undefined) return {}
  return {
    Association: {
      AllocationId: found.name,
      AssociationId: found.association,
      IpOwnerId: caller.account,
      PublicDnsName: '',
      PublicIp: found.ip,
    },
  }
}
