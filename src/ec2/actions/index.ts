/** Every EC2 action that is implemented: one file and one line each (then run scripts/generate-ec2-table.js). */
import type { AnyAction } from '../action'
import { allocateAddress } from './allocate-address'
import { associateAddress } from './associate-address'
import { attachVolume } from './attach-volume'
import { authorizeSecurityGroupEgress } from './authorize-security-group-egress'
import { authorizeSecurityGroupIngress } from './authorize-security-group-ingress'
import { cancelCapacityReservation } from './cancel-capacity-reservation'
import { cancelImportTask } from './cancel-import-task'
import { copyImage } from './copy-image'
import { copySnapshot } from './copy-snapshot'
import { createCapacityReservation } from './create-capacity-reservation'
import { createImage } from './create-image'
import { createKeyPair } from './create-key-pair'
import { createLaunchTemplate } from './create-launch-template'
import { createLaunchTemplateVersion } from './create-launch-template-version'
import { createPlacementGroup } from './create-placement-group'
import { createSecurityGroup } from './create-security-group'
import { createSnapshot } from './create-snapshot'
import { createSnapshots } from './create-snapshots'
import { createTags } from './create-tags'
import { createVolume } from './create-volume'
import { deleteKeyPair } from './delete-key-pair'
import { deleteLaunchTemplate } from './delete-launch-template'
import { deleteLaunchTemplateVersions } from './delete-launch-template-versions'
import { deletePlacementGroup } from './delete-placement-group'
import { deleteSecurityGroup } from './delete-security-group'
import { deleteSnapshot } from './delete-snapshot'
import { deleteTags } from './delete-tags'
import { deleteVolume } from './delete-volume'
import { deregisterImage } from './deregister-image'
import { describeAccountAttributes } from './describe-account-attributes'
import { describeAddresses } from './describe-addresses'
import { describeAddressesAttribute } from './describe-addresses-attribute'
import { describeAvailabilityZones } from './describe-availability-zones'
import { describeCapacityReservations } from './describe-capacity-reservations'
import { describeIamInstanceProfileAssociations } from './describe-iam-instance-profile-associations'
import { describeImageAttribute } from './describe-image-attribute'
import { describeImages } from './describe-images'
import { describeImportImageTasks } from './describe-import-image-tasks'
import { describeImportSnapshotTasks } from './describe-import-snapshot-tasks'
import { describeInstanceAttribute } from './describe-instance-attribute'
import { describeInstanceCreditSpecifications } from './describe-instance-credit-specifications'
import { describeInstanceStatus } from './describe-instance-status'
import { describeInstanceTypeOfferings } from './describe-instance-type-offerings'
import { describeInstanceTypes } from './describe-instance-types'
import { describeInstances } from './describe-instances'
import { describeKeyPairs } from './describe-key-pairs'
import { describeLaunchTemplateVersions } from './describe-launch-template-versions'
import { describeLaunchTemplates } from './describe-launch-templates'
import { describeNetworkInterfaceAttribute } from './describe-network-interface-attribute'
import { describeNetworkInterfaces } from './describe-network-interfaces'
import { describePlacementGroups } from './describe-placement-groups'
import { describePublicIpv4Pools } from './describe-public-ipv4-pools'
import { describeRegions } from './describe-regions'
import { describeSecurityGroupRules } from './describe-security-group-rules'
import { describeSecurityGroups } from './describe-security-groups'
import { describeSnapshotAttribute } from './describe-snapshot-attribute'
import { describeSnapshots } from './describe-snapshots'
import { describeSubnets } from './describe-subnets'
import { describeTags } from './describe-tags'
import { describeVolumeAttribute } from './describe-volume-attribute'
import { describeVolumeStatus } from './describe-volume-status'
import { describeVolumes } from './describe-volumes'
import { describeVolumesModifications } from './describe-volumes-modifications'
import { describeVpcAttribute } from './describe-vpc-attribute'
import { describeVpcs } from './describe-vpcs'
import { detachVolume } from './detach-volume'
import { disassociateAddress } from './disassociate-address'
import { getConsoleOutput } from './get-console-output'
import { getLaunchTemplateData } from './get-launch-template-data'
import { getPasswordData } from './get-password-data'
import { importImage } from './import-image'
import { importKeyPair } from './import-key-pair'
import { importSnapshot } from './import-snapshot'
import { modifyCapacityReservation } from './modify-capacity-reservation'
import { modifyImageAttribute } from './modify-image-attribute'
import { modifyInstanceAttribute } from './modify-instance-attribute'
import { modifyInstanceMaintenanceOptions } from './modify-instance-maintenance-options'
import { modifyInstanceMetadataOptions } from './modify-instance-metadata-options'
import { modifyInstancePlacement } from './modify-instance-placement'
import { modifyLaunchTemplate } from './modify-launch-template'
import { modifyNetworkInterfaceAttribute } from './modify-network-interface-attribute'
import { modifySecurityGroupRules } from './modify-security-group-rules'
import { modifySnapshotAttribute } from './modify-snapshot-attribute'
import { modifyVolume } from './modify-volume'
import { modifyVolumeAttribute } from './modify-volume-attribute'
import { monitorInstances } from './monitor-instances'
import { rebootInstances } from './reboot-instances'
import { registerImage } from './register-image'
import { releaseAddress } from './release-address'
import { resetImageAttribute } from './reset-image-attribute'
import { resetInstanceAttribute } from './reset-instance-attribute'
import { resetSnapshotAttribute } from './reset-snapshot-attribute'
import { revokeSecurityGroupEgress } from './revoke-security-group-egress'
import { revokeSecurityGroupIngress } from './revoke-security-group-ingress'
import { runInstances } from './run-instances'
import { startInstances } from './start-instances'
import { stopInstances } from './stop-instances'
import { terminateInstances } from './terminate-instances'
import { unmonitorInstances } from './unmonitor-instances'
import { updateSecurityGroupRuleDescriptionsEgress } from './update-security-group-rule-descriptions-egress'
import { updateSecurityGroupRuleDescriptionsIngress } from './update-security-group-rule-descriptions-ingress'

export const ACTIONS: readonly AnyAction[] = [
  allocateAddress,
  associateAddress,
  attachVolume,
  authorizeSecurityGroupEgress,
  authorizeSecurityGroupIngress,
  cancelCapacityReservation,
  cancelImportTask,
  copyImage,
  copySnapshot,
  createCapacityReservation,
  createImage,
  createKeyPair,
  createLaunchTemplate,
  createLaunchTemplateVersion,
  createPlacementGroup,
  createSecurityGroup,
  createSnapshot,
  createSnapshots,
  createTags,
  createVolume,
  deleteKeyPair,
  deleteLaunchTemplate,
  deleteLaunchTemplateVersions,
  deletePlacementGroup,
  deleteSecurityGroup,
  deleteSnapshot,
  deleteTags,
  deleteVolume,
  deregisterImage,
  describeAccountAttributes,
  describeAddresses,
  describeAddressesAttribute,
  describeAvailabilityZones,
  describeCapacityReservations,
  describeIamInstanceProfileAssociations,
  describeImageAttribute,
  describeImages,
  describeImportImageTasks,
  describeImportSnapshotTasks,
  describeInstanceAttribute,
  describeInstanceCreditSpecifications,
  describeInstanceStatus,
  describeInstanceTypeOfferings,
  describeInstanceTypes,
  describeInstances,
  describeKeyPairs,
  describeLaunchTemplateVersions,
  describeLaunchTemplates,
  describeNetworkInterfaceAttribute,
  describeNetworkInterfaces,
  describePlacementGroups,
  describePublicIpv4Pools,
  describeRegions,
  describeSecurityGroupRules,
  describeSecurityGroups,
  describeSnapshotAttribute,
  describeSnapshots,
  describeSubnets,
  describeTags,
  describeVolumeAttribute,
  describeVolumeStatus,
  describeVolumes,
  describeVolumesModifications,
  describeVpcAttribute,
  describeVpcs,
  detachVolume,
  disassociateAddress,
  getConsoleOutput,
  getLaunchTemplateData,
  getPasswordData,
  importImage,
  importKeyPair,
  importSnapshot,
  modifyCapacityReservation,
  modifyImageAttribute,
  modifyInstanceAttribute,
  modifyInstanceMaintenanceOptions,
  modifyInstanceMetadataOptions,
  modifyInstancePlacement,
  modifyLaunchTemplate,
  modifyNetworkInterfaceAttribute,
  modifySecurityGroupRules,
  modifySnapshotAttribute,
  modifyVolume,
  modifyVolumeAttribute,
  monitorInstances,
  rebootInstances,
  registerImage,
  releaseAddress,
  resetImageAttribute,
  resetInstanceAttribute,
  resetSnapshotAttribute,
  revokeSecurityGroupEgress,
  revokeSecurityGroupIngress,
  runInstances,
  startInstances,
  stopInstances,
  terminateInstances,
  unmonitorInstances,
  updateSecurityGroupRuleDescriptionsEgress,
  updateSecurityGroupRuleDescriptionsIngress,
]
