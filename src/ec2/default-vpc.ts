/**
 * The default VPC of a project and its default subnet in each zone: views over the site's network, which lies in all zones.
 * Nothing of them is stored: the ids follow from project and zone, so they are the same at every gateway and after every restart.
 */
import { createHash } from 'node:crypto'
import type { Subnet, Vpc } from '@aws-sdk/client-ec2'
import type { ProjectId } from '../model/ids'
import type { NetworkRecord } from '../model/records'
import type { Ec2Context } from './action'
import { showZone } from './show/zone'

const derived = (prefix: string, ...from: readonly string[]): string =>
  `${prefix}-${createHash('sha256').update(from.join('/')).digest('hex').slice(0, 17)}`

const remembered = new Map<string, string>()
const MOST_REMEMBERED = 10_000

/** Hashing once a machine and listing would cost more than the rest of it. */
function remember(key: string, make: () => string): string {
  const known = remembered.get(key)
  if (known !== undefined) return known
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  const made = make()
  remembered.set(key, made)
  return made
}

/** `vpc-…` of a project. */
export const vpcIdOf = (project: ProjectId): string => remember(project, () => derived('vpc', 'default-vpc', project))

/** `subnet-…` of a project in a zone. */
export const subnetIdOf = (project: ProjectId, zone: string): string =>
  remember(`${project}/${zone}`, () => derived('subnet', 'default-subnet', project, zone))

/** The default VPC; none on a site that has no network yet. */
export function defaultVpcs({ operations, caller }: Ec2Context): readonly Vpc[] {
  const { network } = operations.defaults()
  if (!network) return []
  const id = vpcIdOf(caller.project)
  return [
    {
      VpcId: id,
      OwnerId: caller.account,
      State: 'available',
      CidrBlock: network.wish.cidr,
      CidrBlockAssociationSet: [
        {
          AssociationId: id.replace('vpc-', 'vpc-cidr-assoc-'),
          CidrBlock: network.wish.cidr,
          CidrBlockState: { State: 'associated' },
        },
      ],
      DhcpOptionsId: 'default',
      InstanceTenancy: 'default',
      Ipv6CidrBlockAssociationSet: [],
      IsDefault: true,
      Tags: [],
    },
  ]
}

/** One subnet per zone. All have the range of the network, because an address of it may be used in any zone. */
export async function defaultSubnets(context: Ec2Context): Promise<readonly Subnet[]> {
  const { operations, caller, region } = context
  const { network } = operations.defaults()
  if (!network) return []
  const zones = await operations.listZones(caller)
  return zones.map((zone) => ({
    SubnetId: subnetIdOf(caller.project, zone.name),
    SubnetArn: `arn:aws:ec2:${region}:${caller.account}:subnet/${subnetIdOf(caller.project, zone.name)}`,
    ...common(network, context),
    AvailabilityZone: zone.name,
    AvailabilityZoneId: showZone(zone, region).ZoneId,
  }))
}

const common = (network: NetworkRecord, { caller, operations }: Ec2Context): Subnet => ({
  AvailableIpAddressCount: operations.freeAddresses(network),
  VpcId: vpcIdOf(caller.project),
  OwnerId: caller.account,
  State: 'available',
  CidrBlock: network.wish.cidr,
  DefaultForAz: true,
  // Addresses of the network are what machines have; there are no others to map.
  MapPublicIpOnLaunch: false,
  AssignIpv6AddressOnCreation: false,
  Ipv6CidrBlockAssociationSet: [],
  EnableDns64: false,
  Ipv6Native: false,
  Tags: [],
})
