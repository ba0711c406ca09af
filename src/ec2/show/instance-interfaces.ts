import type { InstanceNetworkInterface } from '@aws-sdk/client-ec2'
import { addressOf, isConnected } from '../../model/given-addresses'
import type { ComputeRecord, InterfaceWish } from '../../model/records'
import type { Ec2Context } from '../action'
import { showIdentifiers } from '../groups/show'
import { showAssociation } from './address'
import { deviceIndexOf, placeInVpc } from './where'

/** The interfaces of a machine with their addresses; none of one that is deleted. */
export const showInterfaces = (record: ComputeRecord, context: Ec2Context): InstanceNetworkInterface[] =>
  record.wish.exists ? record.wish.interfaces.map((one) => showInterface(record, one, context)) : []

function showInterface(record: ComputeRecord, one: InterfaceWish, context: Ec2Context): InstanceNetworkInterface {
  const { caller, operations } = context
  const association = showAssociation(record, one, context)
  const connected = isConnected(record, one)
  const address = addressOf(record, one)
  return {
    ...association,
    Attachment: {
      AttachTime: new Date(one.since ?? record.wish.createdAt),
      AttachmentId: one.name.replace(/^eni-/, 'eni-attach-'),
      DeleteOnTermination: true,
      DeviceIndex: deviceIndexOf(one),
      Status: connected ? 'attached' : 'attaching',
    },
    Groups: showIdentifiers(operations.groupsOf(record)),
    MacAddress: one.mac,
    NetworkInterfaceId: one.name,
    OwnerId: caller.account,
    ...(address === null
      ? {}
      : {
          PrivateIpAddress: address,
          PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address, ...association }],
        }),
    SourceDestCheck: true,
    Status: 'in-use',
    ...placeInVpc(record, context, one),
    InterfaceType: 'interface',
  }
}
