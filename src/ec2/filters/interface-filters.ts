import type { NetworkInterface } from '@aws-sdk/client-ec2'
import type { FilterTable } from './filter'

const about: FilterTable<NetworkInterface>['says'] = {
  'network-interface-id': (it) => it.NetworkInterfaceId,
  description: (it) => it.Description,
  'availability-zone': (it) => it.AvailabilityZone,
  'group-id': (it) => (it.Groups ?? []).map(({ GroupId }) => GroupId ?? ''),
  'group-name': (it) => (it.Groups ?? []).map(({ GroupName }) => GroupName ?? ''),
  'interface-type': (it) => it.InterfaceType,
  'mac-address': (it) => it.MacAddress,
  'owner-id': (it) => it.OwnerId,
  'requester-managed': (it) => it.RequesterManaged,
  'source-dest-check': (it) => it.SourceDestCheck,
  status: (it) => it.Status,
  'subnet-id': (it) => it.SubnetId,
  'vpc-id': (it) => it.VpcId,
  'private-ip-address': (it) => it.PrivateIpAddress,
  'addresses.private-ip-address': (it) => it.PrivateIpAddress,
  'addresses.primary': (it) => (it.PrivateIpAddress === undefined ? undefined : true),
  'private-dns-name': () => '',
}

const attachment: FilterTable<NetworkInterface>['says'] = {
  'attachment.attachment-id': (it) => it.Attachment?.AttachmentId,
  'attachment.attach-time': (it) => it.Attachment?.AttachTime?.toISOString(),
  'attachment.delete-on-termination': (it) => it.Attachment?.DeleteOnTermination,
  'attachment.device-index': (it) => it.Attachment?.DeviceIndex,
  'attachment.instance-id': (it) => it.Attachment?.InstanceId,
  'attachment.instance-owner-id': (it) => it.Attachment?.InstanceOwnerId,
  'attachment.status': (it) => it.Attachment?.Status,
}

const association: FilterTable<NetworkInterface>['says'] = {
  'association.allocation-id': (it) => it.Association?.AllocationId,
  'association.association-id': (it) => it.Association?.AssociationId,
  'association.ip-owner-id': (it) => it.Association?.IpOwnerId,
  'association.public-ip': (it) => it.Association?.PublicIp,
  'association.public-dns-name': (it) => it.Association?.PublicDnsName,
  'addresses.association.owner-id': (it) => it.Association?.IpOwnerId,
  'addresses.association.public-ip': (it) => it.Association?.PublicIp,
}

/** Filters of DescribeNetworkInterfaces. */
export const interfaceFilters: FilterTable<NetworkInterface> = {
  says: { ...about, ...attachment, ...association },
  tags: ({ TagSet = [] }) => Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value])),
  silent: [
    'attachment.nat-gateway-id',
    'availability-zone-id',
    'ipv6-addresses.ipv6-address',
    'operator.managed',
    'operator.principal',
    'outpost-arn',
    'requester-id',
  ],
}
