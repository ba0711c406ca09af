/**
 * The default VPC of a project and its default subnet in each zone: views over the site's network, which lies in all zones.
 * Nothing of them is stored: the ids follow from project and zone, so they are the same at every gateway and after every restart.
 * Networks of the project's own (OCCI) are subnets of that VPC, each with its own name.
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
export async function defaultVpcs(context: Ec2Context): Promise<readonly Vpc[]> {
  const { operations, caller } = context
  const { network } = operations.defaults()
  if (!network) return []
  const id = vpcIdOf(caller.project)
  const more = (await ownNetworks(context)).map(({ wish }) => ({
    AssociationId: wish.subnet.replace('subnet-', 'vpc-cidr-assoc-'),
    CidrBlock: wish.cidr,
    CidrBlockState: { State: 'associated' as const },
  }))
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
        ...more,
      ],
      DhcpOptionsId: 'default',
      InstanceTenancy: 'default',
      Ipv6CidrBlockAssociationSet: [],
      IsDefault: true,
      Tags: [],
    },
  ]
}

/** One subnet per zone, then the project's own networks. The first all have the range of the site's network: an address of it may be used in any zone. */
export async function allSubnets(context: Ec2Context): Promise<readonly Subnet[]> {
  const { operations, caller, region } = context
  const { network } = operations.defaults()
  if (!network) return []
  const zones = await operations.listZones(caller)
  const [first, ...others] = zones.map((zone) => ({
    AvailabilityZone: zone.name,
    AvailabilityZoneId: showZone(zone, region).ZoneId,
  }))
  // A network of the project's own lies in all zones: EC2 has one word for that only where there is one zone.
  const whereOwn = others.length === 0 ? first : {}
  const own = (await ownNetworks(context)).map((one) => ({ ...common(one, one.wish.subnet, context), ...whereOwn }))
  const inZones = zones.map((zone) => ({
    ...common(network, subnetIdOf(caller.project, zone.name), context),
    DefaultForAz: true,
    AvailabilityZone: zone.name,
    AvailabilityZoneId: showZone(zone, region).ZoneId,
  }))
  return [...inZones, ...own]
}

/** Of the caller's project, in order of creation. */
export const ownNetworks = async ({ operations, caller }: Ec2Context): Promise<readonly NetworkRecord[]> =>
  (await operations.listNetworks(caller)).filter(({ project }) => project === caller.project)

const common = (network: NetworkRecord, id: string, { caller, region, operations }: Ec2Context): Subnet => ({
  SubnetId: id,
  SubnetArn: `arn:aws:ec2:${region}:${caller.account}:subnet/${id}`,
  AvailableIpAddressCount: operations.freeAddresses(network),
  VpcId: vpcIdOf(caller.project),
  OwnerId: caller.account,
  State: network.project === null || network.seen.state === 'active' ? 'available' : 'pending',
  CidrBlock: network.wish.cidr,
  DefaultForAz: false,
  // Addresses of the network are what machines have; there are no others to map.
  MapPublicIpOnLaunch: false,
  AssignIpv6AddressOnCreation: false,
  Ipv6CidrBlockAssociationSet: [],
  EnableDns64: false,
  Ipv6Native: false,
  Tags: [],
})
