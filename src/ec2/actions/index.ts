/** Every EC2 action that is implemented: one file and one line each (then run scripts/generate-ec2-table.js). */
import type { AnyAction } from '../action'
import { attachVolume } from './attach-volume'
import { createKeyPair } from './create-key-pair'
import { createTags } from './create-tags'
import { createVolume } from './create-volume'
import { deleteKeyPair } from './delete-key-pair'
import { deleteTags } from './delete-tags'
import { deleteVolume } from './delete-volume'
import { describeAccountAttributes } from './describe-account-attributes'
import { describeAddresses } from './describe-addresses'
import { describeAvailabilityZones } from './describe-availability-zones'
import { describeIamInstanceProfileAssociations } from './describe-iam-instance-profile-associations'
import { describeImages } from './describe-images'
import { describeInstanceAttribute } from './describe-instance-attribute'
import { describeInstanceCreditSpecifications } from './describe-instance-credit-specifications'
import { describeInstanceStatus } from './describe-instance-status'
import { describeInstanceTypeOfferings } from './describe-instance-type-offerings'
import { describeInstanceTypes } from './describe-instance-types'
import { describeInstances } from './describe-instances'
import { describeKeyPairs } from './describe-key-pairs'
import { describeRegions } from './describe-regions'
import { describeSubnets } from './describe-subnets'
import { describeTags } from './describe-tags'
import { describeVolumeAttribute } from './describe-volume-attribute'
import { describeVolumeStatus } from './describe-volume-status'
import { describeVolumes } from './describe-volumes'
import { describeVolumesModifications } from './describe-volumes-modifications'
import { describeVpcAttribute } from './describe-vpc-attribute'
import { describeVpcs } from './describe-vpcs'
import { detachVolume } from './detach-volume'
import { getConsoleOutput } from './get-console-output'
import { getPasswordData } from './get-password-data'
import { importKeyPair } from './import-key-pair'
import { modifyInstanceAttribute } from './modify-instance-attribute'
import { modifyInstanceMaintenanceOptions } from './modify-instance-maintenance-options'
import { modifyInstanceMetadataOptions } from './modify-instance-metadata-options'
import { modifyVolume } from './modify-volume'
import { modifyVolumeAttribute } from './modify-volume-attribute'
import { monitorInstances } from './monitor-instances'
import { rebootInstances } from './reboot-instances'
import { resetInstanceAttribute } from './reset-instance-attribute'
import { runInstances } from './run-instances'
import { startInstances } from './start-instances'
import { stopInstances } from './stop-instances'
import { terminateInstances } from './terminate-instances'
import { unmonitorInstances } from './unmonitor-instances'

export const ACTIONS: readonly AnyAction[] = [
  attachVolume,
  createKeyPair,
  createTags,
  createVolume,
  deleteKeyPair,
  deleteTags,
  deleteVolume,
  describeAccountAttributes,
  describeAddresses,
  describeAvailabilityZones,
  describeIamInstanceProfileAssociations,
  describeImages,
  describeInstanceAttribute,
  describeInstanceCreditSpecifications,
  describeInstanceStatus,
  describeInstanceTypeOfferings,
  describeInstanceTypes,
  describeInstances,
  describeKeyPairs,
  describeRegions,
  describeSubnets,
  describeTags,
  describeVolumeAttribute,
  describeVolumeStatus,
  describeVolumes,
  describeVolumesModifications,
  describeVpcAttribute,
  describeVpcs,
  detachVolume,
  getConsoleOutput,
  getPasswordData,
  importKeyPair,
  modifyInstanceAttribute,
  modifyInstanceMaintenanceOptions,
  modifyInstanceMetadataOptions,
  modifyVolume,
  modifyVolumeAttribute,
  monitorInstances,
  rebootInstances,
  resetInstanceAttribute,
  runInstances,
  startInstances,
  stopInstances,
  terminateInstances,
  unmonitorInstances,
]
