/** A machine as EC2 shows it. Pure but for the image and network looked up in the gateway's memory. */
import type { Instance } from '@aws-sdk/client-ec2'

import { addressOf, publicGiven } from '../../model/given-addresses'
import { type ComputeRecord, optionsOf } from '../../model/records'
import type { Ec2Context } from '../action'
import { showMaintenance } from '../attributes/maintenance-options'
import { showMetadata } from '../attributes/metadata-options'
import { keep } from '../codec'
import { showIdentifiers } from '../groups/show'
import { showPlacement } from '../placement/show'
import { publicOf } from './address'
import { showCapacityOf } from './capacity-reservation'
import { showDisks } from './instance-disks'
import { showInterfaces } from './instance-interfaces'
import { instanceTags } from './instance-tags'
import { platformDetails } from './platform'
import { showState } from './state'
import { stateReason } from './state-reason'
import { showTags } from './tags'
import { placeInVpc } from './where'

const shown = new WeakMap<ComputeRecord, Instance>()

/** Made once per revision of the record: the list of a thousand machines is a walk over what is there. */
export function showInstance(record: ComputeRecord, context: Ec2Context): Instance {
  const known = shown.get(record)
  if (known) return known
  const instance = makeInstance(record, context)
  // An image or network that this gateway has not heard of yet must not be missing for as long as the record stays.
  if (instance.Architecture !== undefined && !lacksGroup(record, instance) && !lacksPlacementGroup(record, instance))
    shown.set(record, keep(instance))
  return instance
}

const lacksGroup = ({ wish }: ComputeRecord, { SecurityGroups = [] }: Instance): boolean =>
  wish.exists && SecurityGroups.length < (wish.interfaces[0]?.groups?.length ?? 0)

const lacksPlacementGroup = ({ wish }: ComputeRecord, { Placement }: Instance): boolean =>
  wish.placementGroup !== undefined && Placement?.GroupId === undefined

/** The first private address; none of a deleted machine, whose lease is going back. */
export const privateAddress = (record: ComputeRecord): string | undefined => {
  const [first] = record.wish.interfaces
  return record.wish.exists && first ? (addressOf(record, first) ?? undefined) : undefined
}

/** The public address of its first interface, or what its provider gave it. */
export const publicAddress = (record: ComputeRecord): string | undefined => {
  const [first] = record.wish.interfaces
  return (first && publicOf(record, first)?.ip) ?? publicGiven(record)
}

/** When it was launched: ordered first, or started again last (EC2 renews LaunchTime with each start). */
export const launchTime = ({ wish, seen }: ComputeRecord): Date =>
  new Date(wish.starts > 1 && seen.startedAt !== null ? seen.startedAt : wish.createdAt)

/** Whether it was asked to be measured closely; all machines are measured alike. */
export const showMonitoring = ({ wish }: ComputeRecord) => ({
  State: optionsOf(wish).monitoring ? ('enabled' as const) : ('disabled' as const),
})

/**
 * Members that old clients fail without are there even when empty: reason, dnsName, privateDnsName, keyName, amiLaunchIndex,
 * productCodes, placement, monitoring, groupSet.
 */
function makeInstance(record: ComputeRecord, context: Ec2Context): Instance {
  const { wish, place } = record
  const first = wish.exists ? wish.interfaces[0] : undefined
  return {
    InstanceId: wish.name,
    ImageId: context.operations.image(wish.image)?.wish.ami ?? '',
    Architecture: context.operations.image(wish.image)?.wish.architecture,
    State: showState(record),
    StateReason: stateReason(record),
    StateTransitionReason: wish.reason,
    PrivateDnsName: wish.hostname ?? '',
    PublicDnsName: '',
    PrivateIpAddress: privateAddress(record),
    PublicIpAddress: publicAddress(record),
    ...(first ? placeInVpc(record, context) : {}),
    KeyName: wish.keyName ?? '',
    AmiLaunchIndex: wish.launchIndex,
    ProductCodes: [],
    // An OCCI order may name its own sizes: then there is no type, and none is made up.
    InstanceType: wish.size.type as Instance['InstanceType'],
    LaunchTime: launchTime(record),
    Placement: showPlacement(record, context),
    Monitoring: showMonitoring(record),
    BlockDeviceMappings: showDisks(record),
    NetworkInterfaces: showInterfaces(record, context),
    ...showCapacityOf(record, context),
    ClientToken: wish.clientToken ?? '',
    CpuOptions: { CoreCount: wish.size.cores, ThreadsPerCore: 1 },
    EbsOptimized: false,
    HibernationOptions: { Configured: optionsOf(wish).hibernates },
    Hypervisor: 'xen',
    MaintenanceOptions: showMaintenance(record),
    MetadataOptions: showMetadata(record),
    PlatformDetails: platformDetails(place),
    RootDeviceName: wish.disks[0]?.device,
    RootDeviceType: wish.disks.length === 0 ? 'instance-store' : 'ebs',
    SecurityGroups: showIdentifiers(context.operations.groupsOf(record)),
    SourceDestCheck: true,
    Tags: showTags(instanceTags(wish)),
    UsageOperation: 'RunInstances',
    VirtualizationType: 'hvm',
  }
}
