/** Every EC2 action that is implemented: one file and one line each (then run scripts/generate-ec2-table.js). */
import type { AnyAction } from '../action'
import { createKeyPair } from './create-key-pair'
import { createTags } from './create-tags'
import { deleteKeyPair } from './delete-key-pair'
import { deleteTags } from './delete-tags'
import { describeAccountAttributes } from './describe-account-attributes'
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
import { describeVpcAttribute } from './describe-vpc-attribute'
import { describeVpcs } from './describe-vpcs'
import { getConsoleOutput } from './get-console-output'
import { getPasswordData } from './get-password-data'
import { importKeyPair } from './import-key-pair'
import { modifyInstanceAttribute } from './modify-instance-attribute'
import { monitorInstances } from './monitor-instances'
import { rebootInstances } from './reboot-instances'
import { resetInstanceAttribute } from './reset-instance-attribute'
import { runInstances } from './run-instances'
import { startInstances } from './start-instances'
import { stopInstances } from './stop-instances'
import { terminateInstances } from './terminate-instances'
import { unmonitorInstances } from './unmonitor-instances'

export const ACTIONS: readonly AnyAction[] = [
  createKeyPair,
  createTags,
  deleteKeyPair,
  deleteTags,
  describeAccountAttributes,
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
  describeVpcAttribute,
  describeVpcs,
  getConsoleOutput,
  getPasswordData,
  importKeyPair,
  modifyInstanceAttribute,
  monitorInstances,
  rebootInstances,
  resetInstanceAttribute,
  runInstances,
  startInstances,
  stopInstances,
  terminateInstances,
  unmonitorInstances,
]
