import type { InstanceNetworkInterface } from '@aws-sdk/client-ec2'
import { addressOf } from '../../model/given-addresses'
import { ec2State } from '../../model/lifecycle'
import { optionsOf } from '../../model/options'
import { publicsOf } from '../../model/public-addresses'
import type { ComputeRecord } from '../../model/records'
import { reservationOf } from '../../model/reservations'
import { showMaintenance } from '../attributes/maintenance-options'
import { showMetadata } from '../attributes/metadata-options'
import { affinityOf, hostIdOf, tenancyOf } from '../placement/hosting'
import { showCapacityOf } from '../show/capacity-reservation'
import { launchTime, privateAddress, publicAddress, showMonitoring } from '../show/instance'
import { showDisks } from '../show/instance-disks'
import { showInterfaces } from '../show/instance-interfaces'
import { instanceTags } from '../show/instance-tags'
import { platformDetails } from '../show/platform'
import { stateReason } from '../show/state-reason'
import { placeInVpc, zoneOf } from '../show/where'
import type { FilterTable } from './filter'

type Says = FilterTable<ComputeRecord>['says']

const whatItIs: Says = {
  'instance-id': ({ wish }) => wish.name,
  'capacity-reservation-id': (record) => reservationOf(record)?.name,
  'reservation-id': ({ wish }) => wish.reservation,
  'owner-id': (_record, { caller }) => caller.account,
  'client-token': ({ wish }) => wish.clientToken ?? undefined,
  'launch-index': ({ wish }) => wish.launchIndex,
  'launch-time': (record) => launchTime(record).toISOString(),
  'image-id': ({ wish }, { operations }) => operations.image(wish.image)?.wish.ami,
  'instance-type': ({ wish }) => wish.size.type,
  'key-name': ({ wish }) => wish.keyName ?? undefined,
  architecture: ({ wish }, { operations }) => operations.image(wish.image)?.wish.architecture,
  'platform-details': ({ place }) => platformDetails(place),
  'availability-zone': zoneOf,
  hypervisor: () => 'xen',
  'virtualization-type': () => 'hvm',
  'root-device-type': ({ wish }) => (wish.disks.length === 0 ? 'instance-store' : 'ebs'),
  tenancy: ({ wish }) => tenancyOf(wish.hosting),
  affinity: ({ wish }) => affinityOf(wish.hosting),
  'host-id': hostIdOf,
  'placement-group-name': (record, { operations }) => operations.placementGroupOf(record)?.wish.name,
  'placement-partition-number': ({ wish }) => wish.placementGroup?.partition,
  'monitoring-state': (record) => showMonitoring(record).State,
  'source-dest-check': () => true,
  'usage-operation': () => 'RunInstances',
  'ebs-optimized': () => false,
  'root-device-name': ({ wish }) => wish.disks[0]?.device,
}

const whatItDoes: Says = {
  'instance-state-name': (record) => ec2State(record).name,
  'instance-state-code': (record) => ec2State(record).code,
  reason: ({ wish }) => wish.reason,
  'state-reason-code': (record) => stateReason(record)?.Code,
  'state-reason-message': (record) => stateReason(record)?.Message,
}

const capacityOf = (...asked: Parameters<Says[string]>) => showCapacityOf(...asked).CapacityReservationSpecification

const options: Says = {
  'hibernation-options.configured': ({ wish }) => optionsOf(wish).hibernates,
  'maintenance-options.auto-recovery': (record) => showMaintenance(record).AutoRecovery,
  'metadata-options.http-endpoint': (record) => showMetadata(record).HttpEndpoint,
  'metadata-options.http-protocol-ipv6': (record) => showMetadata(record).HttpProtocolIpv6,
  'metadata-options.http-put-response-hop-limit': (record) => showMetadata(record).HttpPutResponseHopLimit,
  'metadata-options.http-tokens': (record) => showMetadata(record).HttpTokens,
  'metadata-options.instance-metadata-tags': (record) => showMetadata(record).InstanceMetadataTags,
  'metadata-options.state': (record) => showMetadata(record).State,
  'capacity-reservation-specification.capacity-reservation-preference': (...asked) =>
    capacityOf(...asked)?.CapacityReservationPreference,
  'capacity-reservation-specification.capacity-reservation-target.capacity-reservation-id': (...asked) =>
    capacityOf(...asked)?.CapacityReservationTarget?.CapacityReservationId,
}

const disks: Says = {
  'block-device-mapping.volume-id': (record) => showDisks(record).map((disk) => disk.Ebs?.VolumeId ?? ''),
  'block-device-mapping.device-name': (record) => showDisks(record).map((disk) => disk.DeviceName ?? ''),
  'block-device-mapping.status': (record) => showDisks(record).map((disk) => disk.Ebs?.Status ?? ''),
  'block-device-mapping.delete-on-termination': (record) =>
    showDisks(record).map((disk) => String(disk.Ebs?.DeleteOnTermination)),
  'block-device-mapping.attach-time': (record) =>
    showDisks(record).map((disk) => disk.Ebs?.AttachTime?.toISOString() ?? ''),
}

const interfacesOf = (record: ComputeRecord) => (record.wish.exists ? record.wish.interfaces : [])
const addresses = (record: ComputeRecord) => interfacesOf(record).flatMap((one) => addressOf(record, one) ?? [])
const subnet: Says[string] = (record, context) => placeInVpc(record, context).SubnetId
const subnets: Says[string] = (record, context) =>
  interfacesOf(record).flatMap((one) => placeInVpc(record, context, one).SubnetId ?? [])
const vpc: Says[string] = (record, context) => placeInVpc(record, context).VpcId

const groupIds: Says[string] = (record, { operations }) => operations.groupsOf(record).map(({ wish }) => wish.group)
const groupNames: Says[string] = (record, { operations }) => operations.groupsOf(record).map(({ wish }) => wish.name)

const publicsShown = (record: ComputeRecord) => (record.wish.exists ? publicsOf(record) : [])
const publics = (record: ComputeRecord) => publicsShown(record).map(({ ip }) => ip)
const allocations: Says[string] = (record) => publicsShown(record).map(({ name }) => name)
const associations: Says[string] = (record) => publicsShown(record).map(({ association }) => association)
const ownerOfPublics: Says[string] = (record, { caller }) => publics(record).map(() => caller.account)

const network: Says = {
  // The first two are EC2-Classic's, and clients still send them.
  'group-id': groupIds,
  'group-name': groupNames,
  'instance.group-id': groupIds,
  'instance.group-name': groupNames,
  'network-interface.group-id': groupIds,
  'network-interface.group-name': groupNames,
  'private-ip-address': privateAddress,
  'ip-address': publicAddress,
  'network-interface.association.public-ip': publics,
  'network-interface.addresses.association.public-ip': publics,
  'network-interface.association.ip-owner-id': ownerOfPublics,
  'network-interface.addresses.association.ip-owner-id': ownerOfPublics,
  'network-interface.association.allocation-id': allocations,
  'network-interface.addresses.association.allocation-id': allocations,
  'network-interface.association.association-id': associations,
  'network-interface.addresses.association.association-id': associations,
  'network-interface.attachment.instance-id': ({ wish }) => (wish.exists ? wish.name : undefined),
  'private-dns-name': ({ wish }) => wish.hostname ?? '',
  'dns-name': () => '',
  'subnet-id': subnet,
  'vpc-id': vpc,
  'network-interface.network-interface-id': (record) => interfacesOf(record).map((one) => one.name),
  'network-interface.availability-zone': (record) => interfacesOf(record).map(() => zoneOf(record)),
  'network-interface.mac-address': (record) => interfacesOf(record).map((one) => one.mac),
  'network-interface.subnet-id': subnets,
  'network-interface.vpc-id': vpc,
  'network-interface.owner-id': (_record, { caller }) => caller.account,
  'network-interface.private-ip-address': addresses,
  'network-interface.addresses.private-ip-address': addresses,
  'network-interface.addresses.primary': (record) => addresses(record).map(() => 'true'),
}

const ofInterfaces =
  (says: (one: InstanceNetworkInterface) => unknown): Says[string] =>
  (record, context) =>
    showInterfaces(record, context).map((one) => String(says(one)))

const interfaces: Says = {
  'network-interface.description': (record) => interfacesOf(record).map((one) => one.description ?? ''),
  'network-interface.tag-key': (record) => interfacesOf(record).flatMap(({ tags = {} }) => Object.keys(tags)),
  'network-interface.tag-value': (record) => interfacesOf(record).flatMap(({ tags = {} }) => Object.values(tags)),
  'network-interface.status': ofInterfaces((one) => one.Status),
  'network-interface.source-dest-check': ofInterfaces((one) => one.SourceDestCheck),
  'network-interface.requester-managed': ofInterfaces(() => false),
  'network-interface.attachment.attachment-id': ofInterfaces((one) => one.Attachment?.AttachmentId),
  'network-interface.attachment.attach-time': ofInterfaces((one) => one.Attachment?.AttachTime?.toISOString()),
  'network-interface.attachment.delete-on-termination': ofInterfaces((one) => one.Attachment?.DeleteOnTermination),
  'network-interface.attachment.device-index': ofInterfaces((one) => one.Attachment?.DeviceIndex),
  'network-interface.attachment.network-card-index': ofInterfaces(() => 0),
  'network-interface.attachment.instance-owner-id': ofInterfaces((one) => one.OwnerId),
  'network-interface.attachment.status': ofInterfaces((one) => one.Attachment?.Status),
  // No interface and no public address has a name in a DNS.
  'network-interface.private-dns-name': ofInterfaces(() => ''),
  'network-interface.public-dns-name': ofInterfaces(() => ''),
  'network-interface.addresses.private-dns-name': ofInterfaces(() => ''),
  'network-interface.association.public-dns-name': (record) => publics(record).map(() => ''),
  'network-interface.addresses.association.public-dns-name': (record) => publics(record).map(() => ''),
}

/** Filters of DescribeInstances. */
export const instanceFilters: FilterTable<ComputeRecord> = {
  says: { ...whatItIs, ...whatItDoes, ...options, ...disks, ...network, ...interfaces },
  tags: ({ wish }) => instanceTags(wish),
  silent: [
    'availability-zone-id',
    'boot-mode',
    'capacity-reservation-specification.capacity-reservation-target.capacity-reservation-resource-group-arn',
    'current-instance-boot-mode',
    'ena-support',
    'enclave-options.enabled',
    'iam-instance-profile.arn',
    'iam-instance-profile.id',
    'iam-instance-profile.name',
    'instance-lifecycle',
    'ipv6-address',
    'kernel-id',
    'metadata-options.http-protocol-ipv4',
    'network-interface.addresses.association.carrier-ip',
    'network-interface.addresses.association.customer-owned-ip',
    'network-interface.association.carrier-ip',
    'network-interface.association.customer-owned-ip',
    'network-interface.deny-all-igw-traffic',
    'network-interface.ipv4-prefixes.ipv4-prefix',
    'network-interface.ipv6-address',
    'network-interface.ipv6-addresses.ipv6-address',
    'network-interface.ipv6-addresses.is-primary-ipv6',
    'network-interface.ipv6-native',
    'network-interface.ipv6-prefixes.ipv6-prefix',
    'network-interface.operator.managed',
    'network-interface.operator.principal',
    'network-interface.outpost-arn',
    'network-interface.requester-id',
    'network-performance-options.bandwidth-weighting',
    'operator.managed',
    'operator.principal',
    'outpost-arn',
    'platform',
    'private-dns-name-options.enable-resource-name-dns-a-record',
    'private-dns-name-options.enable-resource-name-dns-aaaa-record',
    'private-dns-name-options.hostname-type',
    'product-code',
    'product-code.type',
    'ramdisk-id',
    'requester-id',
    'spot-instance-request-id',
    'tpm-support',
    'usage-operation-update-time',
  ],
}
