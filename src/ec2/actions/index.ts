/** Every EC2 action that is implemented: one file and one line each (then run scripts/generate-ec2-table.js). */
import type { AnyAction } from '../action'
import { createKeyPair } from './create-key-pair'
import { createTags } from './create-tags'
import { deleteKeyPair } from './delete-key-pair'
import { deleteTags } from './delete-tags'
import { describeAvailabilityZones } from './describe-availability-zones'
import { describeImages } from './describe-images'
import { describeInstanceAttribute } from './describe-instance-attribute'
import { describeInstanceStatus } from './describe-instance-status'
import { describeInstanceTypes } from './describe-instance-types'
import { describeInstances } from './describe-instances'
import { describeKeyPairs } from './describe-key-pairs'
import { describeRegions } from './describe-regions'
import { describeTags } from './describe-tags'
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
  describeAvailabilityZones,
  describeImages,
  describeInstanceAttribute,
  describeInstanceStatus,
  describeInstanceTypes,
  describeInstances,
  describeKeyPairs,
  describeRegions,
  describeTags,
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
