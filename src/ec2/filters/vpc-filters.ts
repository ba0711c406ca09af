import type { Vpc } from '@aws-sdk/client-ec2'
import type { FilterTable } from './filter'

/** Filters of DescribeVpcs. Both spellings of isDefault are in use. */
export const vpcFilters: FilterTable<Vpc> = {
  says: {
    'vpc-id': (vpc) => vpc.VpcId,
    'owner-id': (vpc) => vpc.OwnerId,
    state: (vpc) => vpc.State,
    cidr: (vpc) => vpc.CidrBlock,
    'cidr-block-association.cidr-block': (vpc) =>
      vpc.CidrBlockAssociationSet?.flatMap(({ CidrBlock }) => CidrBlock ?? []),
    'cidr-block-association.association-id': (vpc) =>
      vpc.CidrBlockAssociationSet?.flatMap(({ AssociationId }) => AssociationId ?? []),
    'cidr-block-association.state': () => 'associated',
    'dhcp-options-id': (vpc) => vpc.DhcpOptionsId,
    isDefault: (vpc) => vpc.IsDefault,
    'is-default': (vpc) => vpc.IsDefault,
  },
  tags: () => ({}),
  silent: [
    'ipv6-cidr-block-association.association-id',
    'ipv6-cidr-block-association.ipv6-cidr-block',
    'ipv6-cidr-block-association.ipv6-pool',
    'ipv6-cidr-block-association.state',
  ],
}
