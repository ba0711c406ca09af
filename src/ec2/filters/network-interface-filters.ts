import type { NetworkInterface } from '@aws-sdk/client-ec2'
import type { FilterTable } from './filter'

const addresses = ({ PrivateIpAddresses = [] }: NetworkInterface): readonly string[] =>
  PrivateIpAddresses.flatMap(({ PrivateIpAddress: address }) => (address === undefined ? [] : [address]))

/** Filters of DescribeNetworkInterfaces. */
export const networkInterfaceFilters: FilterTable<NetworkInterface> = {
  says: {
    'network-interface-id': (one) => one.NetworkInterfaceId,
    'vpc-id': (one) => one.VpcId,
    'subnet-id': (one) => one.SubnetId,
    'availability-zone': (one) => one.AvailabilityZone,
    'owner-id': (one) => one.OwnerId,
    status: (one) => one.Status,
    description: (one) => one.Description,
    'mac-address': (one) => one.MacAddress,
    'interface-type': (one) => one.InterfaceType,
    'source-dest-check': (one) => one.SourceDestCheck,
    'requester-managed': (one) => one.RequesterManaged,
    'private-ip-address': (one) => one.PrivateIpAddress,
    'addresses.private-ip-address': addresses,
    'addresses.primary': () => true,
    'group-id': ({ Groups = [] }) => Groups.flatMap(({ GroupId: id }) => (id === undefined ? [] : [id])),
    'group-name': ({ Groups = [] }) => Groups.flatMap(({ GroupName: name }) => (name === undefined ? [] : [name])),
    'attachment.attachment-id': (one) => one.Attachment?.AttachmentId,
    'attachment.attach-time': (one) => one.Attachment?.AttachTime?.toISOString(),
    'attachment.delete-on-termination': (one) => one.Attachment?.DeleteOnTermination,
    'attachment.device-index': (one) => one.Attachment?.DeviceIndex,
    'attachment.instance-id': (one) => one.Attachment?.InstanceId,
    'attachment.instance-owner-id': (one) => one.Attachment?.InstanceOwnerId,
    'attachment.status': (one) => one.Attachment?.Status,
    'association.allocation-id': (one) => one.Association?.AllocationId,
    'association.association-id': (one) => one.Association?.AssociationId,
    'association.ip-owner-id': (one) => one.Association?.IpOwnerId,
    'association.public-dns-name': (one) => one.Association?.PublicDnsName,
    'association.public-ip': (one) => one.Association?.PublicIp,
    'addresses.association.public-ip': (one) => one.Association?.PublicIp,
  },
  tags: () => ({}),
  silent: [
    'addresses.association.carrier-ip',
    'addresses.association.customer-owned-ip',
    'addresses.association.owner-id',
    'attachment.nat-gateway-id',
    'ipv6-addresses.ipv6-address',
    'network-interface-arn',
    'operator.managed',
    'operator.principal',
    'private-dns-name',
    'requester-id',
  ],
}
