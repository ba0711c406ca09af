import type { Subnet } from '@aws-sdk/client-ec2'
import type { FilterTable, Said } from './filter'

const zone = (subnet: Subnet): Said => subnet.AvailabilityZone
const zoneId = (subnet: Subnet): Said => subnet.AvailabilityZoneId
const cidr = (subnet: Subnet): Said => subnet.CidrBlock

/** Filters of DescribeSubnets, with the older spellings that EC2 still takes. */
export const subnetFilters: FilterTable<Subnet> = {
  says: {
    'subnet-id': (subnet) => subnet.SubnetId,
    'subnet-arn': (subnet) => subnet.SubnetArn,
    'vpc-id': (subnet) => subnet.VpcId,
    'available-ip-address-count': (subnet) => subnet.AvailableIpAddressCount,
    'owner-id': (subnet) => subnet.OwnerId,
    state: (subnet) => subnet.State,
    'availability-zone': zone,
    availabilityZone: zone,
    'availability-zone-id': zoneId,
    availabilityZoneId: zoneId,
    'cidr-block': cidr,
    cidr,
    cidrBlock: cidr,
    'default-for-az': (subnet) => subnet.DefaultForAz,
    defaultForAz: (subnet) => subnet.DefaultForAz,
    'map-public-ip-on-launch': (subnet) => subnet.MapPublicIpOnLaunch,
    'enable-dns64': () => false,
    'ipv6-native': () => false,
  },
  tags: () => ({}),
  silent: [
    'customer-owned-ipv4-pool',
    'enable-lni-at-device-index',
    'ipv6-cidr-block-association.association-id',
    'ipv6-cidr-block-association.ipv6-cidr-block',
    'ipv6-cidr-block-association.state',
    'map-customer-owned-ip-on-launch',
    'outpost-arn',
    'private-dns-name-options-on-launch.enable-resource-name-dns-a-record',
    'private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record',
    'private-dns-name-options-on-launch.hostname-type',
  ],
}
